-- Withdraws an event. $1 kind, $2 district, $3 id, $4 version that it must be, $5 actor, $6 reason, $7 request id.
select event_withdraw($1, $2::int, $3::uuid, $4, $5, $6, $7)
