-- The enterprise of a current exemption. $1 district, $2 id.
select cell_id from exemption where district_id = $1::int and id = $2::bigint and upper_inf(recorded)
