-- Changes what is said of a draft. $1 id, $2 version, $3 body, $4 actor, $5 request id.
select assessment_change($1::uuid, $2, $3::jsonb, $4, $5)
