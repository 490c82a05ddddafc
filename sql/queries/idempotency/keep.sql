-- Keeps an answer under its key. $1 account, $2 key, $3 status, $4 body.
update idempotency set status = $3, body = $4 where account_id = $1 and key = $2
