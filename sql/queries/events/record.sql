-- Writes a new event. $1 kind, $2 district, $3 the client's body, $4 actor, $5 request id.
select event_record($1, $2::int, event_row($2::int, $3::jsonb), $4, $5)
