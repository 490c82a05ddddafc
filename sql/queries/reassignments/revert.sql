-- Drafts a plan that takes back another. $1 the other, $2 version of that, $3 body, $4 account, $5 actor, $6 request id. Returns its id.
select reassignment_revert($1::uuid, $2, $3::jsonb, $4::bigint, $5, $6) as id
