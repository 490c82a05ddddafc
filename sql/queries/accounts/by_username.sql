-- The account of a username. $1 username.
select id, username, display_name, password_hash, disabled or coalesce(locked_until > now(), false) as closed
from account where username = $1
