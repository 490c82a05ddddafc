-- The districts with a shape near a point, each with its map version and the days between which its map does not change.
-- $1 longitude, $2 latitude, $3 day or null (each district's own today).
select d.id as district_id, t.day, d.map_version as map_version,
       (select max(m.day) from map_epoch m where m.district_id = d.id and m.day <= t.day) as since
from district d
cross join lateral (select coalesce($3::date, (now() at time zone d.time_zone)::date) as day) t
where exists (select from cell_shape s where s.district_id = d.id and s.valid @> t.day and upper_inf(s.recorded)
              and s.geom && ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4490))
order by d.id
