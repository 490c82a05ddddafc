-- Withdraws one that was entered by mistake. $1 district, $2 id, $3 reason or null, $4 actor, $5 request id.
select paper_withdraw('overlay_holder', $1::int, $2::bigint, $3, $4, $5)
