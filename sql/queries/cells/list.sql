-- Cells of a day, by id. $1 district or null, $2 day, $3 level or null, $4 ancestor or null (itself not included),
-- $5 parent or null, $6 part of a name or code, or null, $7 id after which, $8 how many, $9 with geometry,
-- $10 a box that they touch, west,south,east,north, or null.
-- What lies below is an array, as of a set the planner thinks that it is millions: pages of 20,000 villages took a second each.
-- Planned with its values.
with recursive below as (
  select p.cell_id from cell_parent p
  where p.parent_id = $4::bigint and p.valid @> $2::date and upper_inf(p.recorded)
  union
  select p.cell_id from below b join cell_parent p on p.parent_id = b.cell_id and p.valid @> $2::date and upper_inf(p.recorded))
select c.id, c.district_id, c.level, n.kind, n.name, k.scheme, k.code, p.parent_id, lower(l.valid) as valid_from,
       upper(l.valid) as valid_to, s.area_m2,
       case when $9::boolean then coalesce(ST_AsGeoJSON(s.geom, 7), ST_AsGeoJSON(e.location, 7)) end as geometry
from cell c
join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> $2::date and upper_inf(l.recorded)
join cell_name n on n.district_id = c.district_id and n.cell_id = c.id and n.valid @> $2::date and upper_inf(n.recorded)
join cell_code k on k.district_id = c.district_id and k.cell_id = c.id and k.valid @> $2::date and upper_inf(k.recorded)
left join cell_parent p on p.district_id = c.district_id and p.cell_id = c.id and p.valid @> $2::date and upper_inf(p.recorded)
left join cell_shape s on s.district_id = c.district_id and s.cell_id = c.id and s.valid @> $2::date and upper_inf(s.recorded)
left join enterprise e on e.district_id = c.district_id and e.cell_id = c.id and e.valid @> $2::date and upper_inf(e.recorded)
where ($1::int is null or c.district_id = $1::int) and ($3::int is null or c.level = $3::int)
  and ($4::bigint is null or c.id = any(array(select cell_id from below))) and ($5::bigint is null or p.parent_id = $5::bigint)
  and ($6::text is null or n.name ilike '%' || $6::text || '%' or k.code = $6::text)
  and ($10::text is null or coalesce(s.geom, e.location) && ST_MakeEnvelope(split_part($10::text, ',', 1)::float8, split_part($10::text, ',', 2)::float8,
         split_part($10::text, ',', 3)::float8, split_part($10::text, ',', 4)::float8, 4490))
  and c.id > $7::bigint
order by c.id limit $8::int
