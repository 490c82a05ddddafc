-- Leaves a plan to its day. $1 id, $2 version, $3 actor, $4 request id.
select reassignment_schedule($1::uuid, $2, $3, $4)
