-- The codes of a district's cells in a scheme. $1 district, $2 scheme.
select distinct code from cell_code where district_id = $1::int and scheme = $2 and upper_inf(recorded)
