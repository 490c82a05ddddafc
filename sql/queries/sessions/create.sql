-- A new session. $1 hash of its token (hex), $2 account, $3 kind, $4 CSRF token or null, $5 seconds to live.
insert into session (token_hash, account_id, kind, csrf, expires_at)
values (decode($1, 'hex'), $2, $3, $4, now() + make_interval(secs => $5))
