-- Enterprises of a day in a box, for a tile: each, or counted together in squares. $1 district, $2 to $5 west, south, east, north in degrees, $6 day, $7 cells that the caller
-- may see, as an array, or null (all), $8 side of the squares in degrees; 0: each for itself. `risk_grade` of a square is the highest in it.
with here as (
  select e.cell_id, ST_X(e.location) as lon, ST_Y(e.location) as lat, e.risk_grade, e.industry
  from enterprise e
  join cell_life l on l.district_id = e.district_id and l.cell_id = e.cell_id and l.valid @> $6::date and upper_inf(l.recorded)
  where e.district_id = $1::int and e.valid @> $6::date and upper_inf(e.recorded) and e.location && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490)
    and ($7::bigint[] is null or e.cell_id = any($7::bigint[]) or exists (
      select from cell_parent p join ways($1::int, $6::date, $6::date + 1, 'infinity') w on w.leaf = p.parent_id
      where p.district_id = e.district_id and p.cell_id = e.cell_id and p.valid @> $6::date and upper_inf(p.recorded)
        and (w.village_cell = any($7::bigint[]) or w.town_cell = any($7::bigint[]) or w.district_cell = any($7::bigint[])))))
select avg(lon) as lon, avg(lat) as lat, count(*) as n, min(risk_grade) as risk_grade, null::bigint as cell_id, null as code, null as name, null as industry
from here where $8::float8 > 0 group by floor(lon / nullif($8::float8, 0)), floor(lat / nullif($8::float8, 0))
union all
select h.lon, h.lat, 1, h.risk_grade, h.cell_id, k.code, n.name, h.industry
from here h
left join cell_name n on n.district_id = $1::int and n.cell_id = h.cell_id and n.valid @> $6::date and upper_inf(n.recorded)
left join cell_code k on k.district_id = $1::int and k.cell_id = h.cell_id and k.valid @> $6::date and upper_inf(k.recorded)
where $8::float8 = 0
order by cell_id, lon, lat
