-- Ends a session. $1 session.
update session set revoked_at = now() where id = $1 and revoked_at is null
