-- The live tokens of an account. $1 account.
select jsonb_build_object('id', id, 'label', label, 'created_at', created_at, 'expires_at', expires_at)::text as doc
from session where account_id = $1::bigint and kind = 'token' and revoked_at is null and expires_at > now() order by id
