-- The enterprises that a figure counts, by id. $1 district, $2 cell or null (0 with $3: in no cell), $3 direct, $4 from, $5 to, $6 map day or null,
-- $7 known at or null, $8 'active', 'inspected', 'patrolled' or 'exposed', $9 after, $10 how many, $11 with whole phones.
with way as (
  select w.* from ways($1::int, coalesce($6::date, $4::date), coalesce($6::date + 1, $5::date), coalesce($7::timestamptz, 'infinity')) w),
counted as (
  select p.cell_id, sum(p.days) as days
  from enterprises_placed($1::int, $4::date, $5::date, $6::date, coalesce($7::timestamptz, 'infinity')) p
  left join way w on w.leaf = p.leaf
  where case $8 when 'exposed' then p.days > 0 when 'active' then p.active when 'inspected' then p.inspected else p.patrolled end
    and case when $2::bigint is null then true when $3::boolean then coalesce(w.leaf, 0) = $2::bigint else $2::bigint in (w.leaf, w.village_cell, w.town_cell, w.district_cell) end
  group by p.cell_id)
select c.cell_id as id, (enterprise_doc($1::int, c.cell_id, least($5::date, upper(l.valid)) - 1, coalesce($7::timestamptz, 'infinity'), $11::boolean)
         || jsonb_build_object('exposure', c.days::float8 / ($5::date - $4::date)))::text as doc
from counted c
join lateral (select l.valid from cell_life l where l.district_id = $1::int and l.cell_id = c.cell_id
              and l.recorded @> coalesce($7::timestamptz, 'infinity') and l.valid && daterange($4::date, $5::date) order by l.valid desc limit 1) l on true
where c.cell_id > $9::bigint order by c.cell_id limit $10::int
