-- Takes back what has not been carried out. $1 id, $2 version, $3 actor, $4 request id.
select reassignment_withdraw($1::uuid, $2, $3, $4)
