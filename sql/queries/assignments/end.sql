-- Ends an assignment. $1 district, $2 id, $3 the first day on which it holds no more, $4 reason, $5 actor, $6 request id.
select assignment_end($1::int, $2::bigint, $3::date, $4, $5, $6)
