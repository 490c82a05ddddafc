-- Sets how a component of the score becomes points from a day on. $1 district, $2 body, $3 actor, $4 request id. Returns its id.
select score_rule_set($1::int, $2::jsonb, $3, $4) as id
