-- Contact points by id. $1 district, $2 cell that they are, or lie in on $3, or null, $3 day of the map, $4 in force on this day or null (all), $5 person or null, $6 known at or null
-- (now), $7 after, $8 how many, $9 id or null.
with inside as (
  select w.leaf from ways($1::int, $3::date, $3::date + 1, coalesce($6::timestamptz, 'infinity')) w where $2::bigint in (w.leaf, w.village_cell, w.town_cell, w.district_cell))
select c.id, jsonb_build_object('id', c.id, 'district', c.district_id, 'cell', c.cell_id, 'person', c.person_id, 'person_name', p.name, 'visit_days', c.visit_days, 'from', lower(c.valid),
                                'to', upper(c.valid))::text as doc
from contact_point c join person p on p.district_id = c.district_id and p.id = c.person_id
where c.district_id = $1::int and c.recorded @> coalesce($6::timestamptz, 'infinity') and ($4::date is null or c.valid @> $4::date) and ($5::bigint is null or c.person_id = $5::bigint)
  and c.id > $7::bigint and ($9::bigint is null or c.id = $9::bigint)
  and ($2::bigint is null or c.cell_id = $2::bigint or c.cell_id in (select leaf from inside) or exists (
    select from cell_parent e where e.district_id = c.district_id and e.cell_id = c.cell_id and e.valid @> $3::date and e.recorded @> coalesce($6::timestamptz, 'infinity')
      and e.parent_id in (select leaf from inside)))
order by c.id limit $8::int
