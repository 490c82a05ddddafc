-- The id of a code on a day. $1 scheme, $2 code, $3 day or null (the local day of its district).
select k.cell_id from cell_code k join district d on d.id = k.district_id
where k.scheme = $1 and k.code = $2 and k.valid @> coalesce($3::date, (now() at time zone d.time_zone)::date) and upper_inf(k.recorded)
