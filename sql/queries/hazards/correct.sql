-- Corrects a hazard. $1 district, $2 id, $3 version that it must be, $4 the client's body, $5 actor, $6 request id.
select hazard_correct($1::int, $2::uuid, $3, event_row($1::int, $4::jsonb), $5, $4::jsonb->>'reason', $6)
