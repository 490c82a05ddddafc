-- The id of a code on a day. $1 scheme, $2 code, $3 day or null (today).
select cell_id from cell_code
where scheme = $1 and code = $2 and valid @> coalesce($3::date, current_date) and upper_inf(recorded)
