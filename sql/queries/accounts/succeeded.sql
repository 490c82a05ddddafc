-- Forgets failed sign-ins. $1 account.
update account set failures = 0, locked_until = null where id = $1
