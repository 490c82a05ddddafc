-- Claims a key; no row when it was claimed before. $1 account, $2 key, $3 hash of the request.
insert into idempotency (account_id, key, request_hash, status, body) values ($1, $2, $3, 0, '') on conflict do nothing returning 1
