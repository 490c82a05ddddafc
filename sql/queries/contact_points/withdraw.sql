-- Withdraws a contact point. $1 district, $2 id, $3 reason or null, $4 actor, $5 request id.
select paper_withdraw('contact_point', $1::int, $2::bigint, $3, $4, $5)
