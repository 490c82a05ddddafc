-- Notes why a plan could not be applied. $1 id, $2 problems, $3 actor, $4 request id.
select reassignment_block($1::uuid, $2::jsonb, $3, $4)
