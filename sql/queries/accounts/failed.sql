-- Notes a failed sign-in; the fifth in a row locks the account for 15 minutes. $1 account.
update account set failures = failures + 1,
  locked_until = case when (failures + 1) % 5 = 0 then now() + interval '15 minutes' else locked_until end
where id = $1
