-- The shapes of some cells of a district on a day as GeoJSON. $1 district, $2 day, $3 ids as an array, $4 known at or null (now).
select s.cell_id, ST_AsGeoJSON(s.geom, 7) as geometry
from cell_shape s
where s.district_id = $1::int and s.cell_id = any($3::bigint[]) and s.valid @> $2::date and s.recorded @> coalesce($4::timestamptz, 'infinity')
