-- Inspections in a box, for a tile: each, or counted together in squares. $1 district, $2 to $5 west, south, east, north in degrees, $6 from, $7 to, $8 cells that the caller
-- may see, as an array, or null (all), $9 side of the squares in degrees; 0: each for itself.
with here as (
  select e.id, e.day, ST_X(e.location) as lon, ST_Y(e.location) as lat, e.result, e.outcome
  from inspection e
  where e.district_id = $1::int and upper_inf(e.recorded) and e.location && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490)
    and e.day >= $6::date and e.day < $7::date
    and ($8::bigint[] is null or e.enterprise_id = any($8::bigint[]) or exists (
      select from chain h where h.id = e.chain_id and (h.village_cell = any($8::bigint[]) or h.town_cell = any($8::bigint[]) or h.district_cell = any($8::bigint[])))))
select avg(lon) as lon, avg(lat) as lat, count(*) as n, count(*) filter (where result = 'completed') as n_completed, null as id, null::date as day, null as result, null as outcome
from here where $9::float8 > 0 group by floor(lon / nullif($9::float8, 0)), floor(lat / nullif($9::float8, 0))
union all
select lon, lat, 1, 0, id::text, day, result, outcome from here where $9::float8 = 0
order by id, lon, lat
