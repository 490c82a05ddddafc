-- Writes a person. $1 district, $2 id or null, $3 body, $4 actor, $5 request id. Returns the id.
select person_write($1::int, $2::bigint, $3::jsonb, $4, $5) as id
