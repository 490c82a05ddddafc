-- Changes what is said of a plan as a whole. $1 id, $2 version, $3 body, $4 actor, $5 request id. Returns whether it holds from another day on now.
select reassignment_change($1::uuid, $2, $3::jsonb, $4, $5) as moved
