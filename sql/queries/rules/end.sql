-- Ends a visit rule or a weight of a district. $1 visit_rule or figure_weight, $2 district, $3 id, $4 body, $5 actor, $6 request id.
select rule_end($1, $2::int, $3::int, $4::jsonb, $5, $6)
