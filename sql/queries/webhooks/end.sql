-- Ends a receiver. $1 id, $2 actor, $3 request id.
select webhook_end($1::bigint, $2, $3)
