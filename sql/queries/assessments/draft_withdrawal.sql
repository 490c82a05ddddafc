-- Drafts the withdrawal of a signed assessment. $1 its id, $2 body, $3 account, $4 actor, $5 request id. Returns the draft's id.
select assessment_draft_withdrawal($1::uuid, $2::jsonb, $3::bigint, $4, $5) as id
