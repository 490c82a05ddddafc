-- The town of a current entrustment. $1 district, $2 id.
select cell_id from entrustment where district_id = $1::int and id = $2::bigint and upper_inf(recorded)
