-- Approves a plan. $1 id, $2 version, $3 comment or null, $4 account, $5 actor, $6 request id.
select reassignment_approve($1::uuid, $2, $3, $4::bigint, $5, $6)
