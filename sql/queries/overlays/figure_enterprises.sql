-- Where the enterprises of a district are on a day, or were last, and whether they count: those that are there, in a cell or below it. $1 district, $2 day, $3 cell, or null for all.
with inside as (
  select w.leaf from ways($1::int, $2::date, $2::date + 1, 'infinity') w where $3::bigint in (w.leaf, w.village_cell, w.town_cell, w.district_cell))
select e.cell_id as id, ST_X(e.location) as lon, ST_Y(e.location) as lat,
       e.valid @> $2::date and exists (select from cell_life l where l.district_id = e.district_id and l.cell_id = e.cell_id and l.valid @> $2::date and upper_inf(l.recorded))
       and ($3::bigint is null or exists (select from cell_parent p where p.district_id = e.district_id and p.cell_id = e.cell_id and p.valid @> $2::date and upper_inf(p.recorded)
                                            and p.parent_id in (select leaf from inside))) as counts
from (select distinct on (x.cell_id) x.* from enterprise x where x.district_id = $1::int and lower(x.valid) <= $2::date and upper_inf(x.recorded) order by x.cell_id, lower(x.valid) desc) e
