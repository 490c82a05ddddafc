-- Adds operations to a plan. $1 id, $2 version, $3 their bodies as an array, $4 actor, $5 request id.
select operations_add($1::uuid, $2, $3::jsonb, $4, $5)
