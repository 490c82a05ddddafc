-- Drafts a plan. $1 district, $2 body, $3 account, $4 actor, $5 request id. Returns its id.
select reassignment_draft($1::int, $2::jsonb, $3::bigint, $4, $5) as id
