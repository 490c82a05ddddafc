-- An assignment keeps its id through its versions; only the current one is unique.
alter table assignment drop constraint assignment_pkey;
create unique index assignment_current on assignment (district_id, id) where (upper_inf(recorded));
create index person_name on person using gin (name gin_trgm_ops);
-- Events are found by instant of knowledge too; moves by the day of the map.
create index event_move_leaf on event_move (district_id, leaf);
alter table idempotency alter column body type text;
drop function if exists event_correct(text, integer, uuid, jsonb, text, text, text);
