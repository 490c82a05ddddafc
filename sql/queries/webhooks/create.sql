-- Registers a receiver. $1 district, $2 body, $3 actor, $4 request id. Returns its id.
select webhook_create($1::int, $2::jsonb, $3, $4) as id
