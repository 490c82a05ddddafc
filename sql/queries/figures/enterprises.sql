-- Enterprises per leaf: active on the last day of [$2, $3) where they stood on $4 (null: on that last day), how many of
-- them were inspected and patrolled, and the enterprise-years of exposure in the window over its length. $1 district.
with bits as (
  select y::smallint as year, year_bits(y, $2::date, $3::date) as mask
  from generate_series(extract(year from $2::date)::int, extract(year from $3::date - 1)::int) y),
visited as (
  select distinct v.kind, v.enterprise_id from visit_year v join bits b on b.year = v.year
  where v.district_id = $1::int and (v.days & b.mask) <> repeat('0', 366)::bit(366)),
live as (
  select l.cell_id, l.valid * daterange($2::date, $3::date) as span from cell_life l
  join cell c on c.district_id = l.district_id and c.id = l.cell_id and c.level = 4
  where l.district_id = $1::int and upper_inf(l.recorded) and l.valid && daterange($2::date, $3::date)),
placed as (
  select l.cell_id, coalesce(p.parent_id, 0) as leaf, l.span @> ($3::date - 1) as active, i.enterprise_id is not null as inspected,
         r.enterprise_id is not null as patrolled
  from live l
  left join lateral (
    select p.parent_id from cell_parent p
    where p.district_id = $1::int and p.cell_id = l.cell_id and upper_inf(p.recorded)
    order by p.valid @> coalesce($4::date, $3::date - 1) desc, lower(p.valid) <= coalesce($4::date, $3::date - 1) desc,
             lower(p.valid) desc limit 1) p on true
  left join visited i on i.enterprise_id = l.cell_id and i.kind = 'inspection'
  left join visited r on r.enterprise_id = l.cell_id and r.kind = 'patrol'),
exposed as (
  select l.cell_id, coalesce(p.parent_id, q.leaf) as leaf,
         case when p.parent_id is null then upper(l.span) - lower(l.span)
              else upper(l.span * p.valid) - lower(l.span * p.valid) end as days
  from live l join placed q on q.cell_id = l.cell_id
  left join cell_parent p on $4::date is null and p.district_id = $1::int and p.cell_id = l.cell_id and upper_inf(p.recorded)
    and p.valid && l.span)
select coalesce(a.leaf, e.leaf) as leaf, coalesce(a.active, 0) as active, coalesce(a.inspected, 0) as inspected,
       coalesce(a.patrolled, 0) as patrolled, coalesce(e.exposure, 0) as exposure
from (select leaf, count(*) filter (where active) as active, count(*) filter (where active and inspected) as inspected,
             count(*) filter (where active and patrolled) as patrolled from placed group by leaf) a
full join (select leaf, sum(days)::float8 / ($3::date - $2::date) as exposure from exposed group by leaf) e on e.leaf = a.leaf
