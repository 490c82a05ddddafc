-- Gives a post. $1 district, $2 cell, $3 body, $4 actor, $5 request id. Returns the id.
select assignment_create($1::int, $2::bigint, $3::jsonb, $4, $5) as id
