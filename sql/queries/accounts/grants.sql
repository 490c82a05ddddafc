-- What an account may do, and where. $1 account.
select role, district_id, cell_id from account_grant where account_id = $1
