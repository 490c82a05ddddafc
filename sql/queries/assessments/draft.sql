-- Drafts an assessment. $1 district, $2 cell, $3 the cell and those above it, as an array, $4 body, $5 account, $6 actor, $7 request id. Returns its id.
select assessment_draft($1::int, $2::bigint, $3::bigint[], $4::jsonb, $5::bigint, $6, $7) as id
