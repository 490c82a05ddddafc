-- Where the enterprises of a day are, each; nulls where one has no place. $1 district, $2 day, $3 cells that the caller may see, as an array, or null (all).
select ST_X(e.location) as lon, ST_Y(e.location) as lat
from enterprise e
join cell_life l on l.district_id = e.district_id and l.cell_id = e.cell_id and l.valid @> $2::date and upper_inf(l.recorded)
where e.district_id = $1::int and e.valid @> $2::date and upper_inf(e.recorded)
  and ($3::bigint[] is null or e.cell_id = any($3::bigint[]) or exists (
    select from cell_parent p join ways($1::int, $2::date, $2::date + 1, 'infinity') w on w.leaf = p.parent_id
    where p.district_id = e.district_id and p.cell_id = e.cell_id and p.valid @> $2::date and upper_inf(p.recorded)
      and (w.village_cell = any($3::bigint[]) or w.town_cell = any($3::bigint[]) or w.district_cell = any($3::bigint[]))))
