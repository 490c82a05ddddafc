-- The name of a person; no row where there is none. $1 district, $2 person.
select name from person where district_id = $1::int and id = $2::bigint
