-- Events are placed anew as sets.
drop function if exists event_replace(text, integer, jsonb);
