-- The cell of a current contact point. $1 district, $2 id.
select cell_id from contact_point where district_id = $1::int and id = $2::bigint and upper_inf(recorded)
