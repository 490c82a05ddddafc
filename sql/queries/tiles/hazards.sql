-- Hazards in a box, for a tile: each, or counted together in squares. $1 district, $2 to $5 west, south, east, north in degrees, $6 from, $7 to (found within), $8 a day on
-- which they are open, instead, or null, $9 source or null, $10 grade or null, $11 cells that the caller may see, as an array, or null (all), $12 side of the squares in
-- degrees; 0: each for itself.
with here as (
  select e.id, e.day, ST_X(e.location) as lon, ST_Y(e.location) as lat, e.source, e.grade, e.category, e.closed_on is null or e.closed_on >= coalesce($8::date, $7::date) as open
  from hazard e
  where e.district_id = $1::int and upper_inf(e.recorded) and e.location && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490)
    and case when $8::date is null then e.day >= $6::date and e.day < $7::date else e.day <= $8::date and (e.closed_on is null or e.closed_on > $8::date) end
    and ($9::text is null or e.source = $9::text) and ($10::text is null or e.grade = $10::text)
    and ($11::bigint[] is null or e.enterprise_id = any($11::bigint[]) or exists (
      select from chain h where h.id = e.chain_id and (h.village_cell = any($11::bigint[]) or h.town_cell = any($11::bigint[]) or h.district_cell = any($11::bigint[])))))
select avg(lon) as lon, avg(lat) as lat, count(*) as n, count(*) filter (where open) as n_open, count(*) filter (where grade = 'major') as n_major,
       null as id, null::date as day, null as source, null as grade, null as category, false as open
from here where $12::float8 > 0 group by floor(lon / nullif($12::float8, 0)), floor(lat / nullif($12::float8, 0))
union all
select lon, lat, 1, 0, 0, id::text, day, source, grade, category, open from here where $12::float8 = 0
order by id, lon, lat
