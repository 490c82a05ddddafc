-- Whether what is kept for the official tables of a year counts anything of a day that is still to come, so that it does not serve for a table that ends before it. $1 district, $2 year,
-- $3 the first day that is not to count.
select exists (select from hazard_form where district_id = $1::int and year = $2::int and last_day >= $3::date) as ahead
