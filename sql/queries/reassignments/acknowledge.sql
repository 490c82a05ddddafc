-- Notes that a person signed. $1 id, $2 person or null (that of the account), $3 account, $4 actor, $5 request id.
select reassignment_acknowledge($1::uuid, $2::bigint, $3::bigint, $4, $5)
