-- A read-only token. $1 hash (hex), $2 account, $3 label, $4 days to live.
insert into session (token_hash, account_id, kind, label, read_only, expires_at)
values (decode($1, 'hex'), $2, 'token', $3, true, now() + make_interval(days => $4::int)) returning id, expires_at
