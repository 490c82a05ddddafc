-- Writes a new event. $1 kind, $2 district, $3 the client's body, $4 actor, $5 request id, $6 map version, $7 leaf and $8 chain where it falls on the map
-- in memory (told_place), or null. Returns whether it stands as told there.
select event_record($1, $2::int, event_row($2::int, $3::jsonb), $4, $5, row($6::bigint, $7::bigint, $8::int)::told_place) as as_told
