-- Writes an account. $1 id or null, $2 body, $3 password hash or null, $4 actor, $5 request id. Returns the id.
select account_write($1::bigint, $2::jsonb, $3, $4, $5) as id
