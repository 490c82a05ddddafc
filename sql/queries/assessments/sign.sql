-- Signs a draft whose figures are there. $1 id, $2 document number or null (the draft's), $3 comment or null, $4 instant of knowledge, $5 account, $6 actor, $7 request id.
select assessment_sign($1::uuid, $2, $3, $4::timestamptz, $5::bigint, $6, $7)
