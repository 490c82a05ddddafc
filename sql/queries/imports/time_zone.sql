-- Whether a time zone is known. $1 its name.
select exists (select from pg_timezone_names where name = $1) as known
