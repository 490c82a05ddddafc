-- Revokes a token of an account. $1 account, $2 token. No row when it has no such live token.
update session set revoked_at = now() where account_id = $1::bigint and id = $2::bigint and kind = 'token' and revoked_at is null returning id
