-- A new account, or a new password for it. Returns its id. $1 username, $2 display name, $3 password hash.
insert into account (username, display_name, password_hash) values ($1, $2, $3)
on conflict (username) do update set password_hash = excluded.password_hash, failures = 0, locked_until = null
returning id
