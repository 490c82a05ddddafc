-- The enterprises of a scheme by code; of a code that was given twice, the newest. $1 scheme.
select distinct on (code) code, cell_id from cell_code where scheme = $1 and upper_inf(recorded) order by code, lower(valid) desc
