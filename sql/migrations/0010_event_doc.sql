-- An event's document is made by another function now (functions/06_event_read.sql).
drop function if exists event_doc(text, jsonb, bigint, geometry, tstzrange);
