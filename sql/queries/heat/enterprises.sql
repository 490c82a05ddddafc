-- Where enterprises of a day are, in a box. $1 district, $2 to $5 west, south, east, north in degrees, $6 day.
select ST_X(e.location) as lon, ST_Y(e.location) as lat
from enterprise e
join cell_life l on l.district_id = e.district_id and l.cell_id = e.cell_id and l.valid @> $6::date and upper_inf(l.recorded)
where e.district_id = $1::int and e.valid @> $6::date and upper_inf(e.recorded) and e.location && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490)
order by lon, lat
