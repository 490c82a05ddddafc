-- What was answered under a key. $1 account, $2 key.
select request_hash, status, body from idempotency where account_id = $1 and key = $2
