-- The live session of a token and its account. $1 hash of the token (hex).
select s.id, s.kind, coalesce(s.csrf, '') as csrf, s.read_only, a.id as account_id, a.username, a.display_name
from session s join account a on a.id = s.account_id
where s.token_hash = decode($1, 'hex') and s.revoked_at is null and s.expires_at > now() and not a.disabled
