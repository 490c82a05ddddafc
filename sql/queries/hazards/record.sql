-- Writes a new hazard. $1 district, $2 the row as jsonb, $3 actor, $4 request id.
select event_record('hazard', $1::int, $2::jsonb, $3, $4)
