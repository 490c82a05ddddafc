-- A new district. Returns its id. $1 scheme, $2 time zone, $3 the day from which its map holds, $4 synthetic.
insert into district (scheme, time_zone, holds_from, synthetic) values ($1, $2, $3, $4) returning id
