-- Ends a rule of a district. $1 its table, $2 district, $3 id, $4 body, $5 actor, $6 request id.
select rule_end($1, $2::int, $3::int, $4::jsonb, $5, $6)
