-- Whether an account had a valid enforcement certificate on a day. $1 account, $2 day.
select coalesce(certified_until >= $2::date, false) as certified from account where id = $1::bigint
