-- Corrects an event. $1 kind, $2 district, $3 id, $4 version that it must be, $5 the client's body, $6 actor, $7 request id.
select event_correct($1, $2::int, $3::uuid, $4, event_row($2::int, $5::jsonb), $6, $5::jsonb->>'reason', $7)
