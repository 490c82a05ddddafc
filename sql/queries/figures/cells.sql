-- The areal cells alive in any part of [$2, $3), with each way up they had in it and their area, weighted by the days of
-- the span on which they had it; `last`: it holds on the last day of them. $1 district, $4 known at or null (now).
with alive as (
  select p.leaf, p.village_cell, p.town_cell, p.district_cell, p.valid * daterange($2::date, $3::date) as span
  from paths($1::int, coalesce($4::timestamptz, 'infinity')) p where p.valid && daterange($2::date, $3::date))
select a.leaf as id, c.level, n.name, n.kind, k.scheme, k.code, coalesce(a.town_cell, 0) as town_cell,
       coalesce(a.district_cell, 0) as district_cell, upper(a.span) = $3::date as last,
       (select sum(s.area_m2 * (upper(s.valid * a.span) - lower(s.valid * a.span))) / ($3::date - $2::date)
        from cell_shape s where s.district_id = $1::int and s.cell_id = a.leaf and s.recorded @> coalesce($4::timestamptz, 'infinity')
          and s.valid && a.span) as area_m2
from alive a
join cell c on c.district_id = $1::int and c.id = a.leaf
join cell_name n on n.district_id = $1::int and n.cell_id = a.leaf and n.valid @> upper(a.span) - 1 and n.recorded @> coalesce($4::timestamptz, 'infinity')
join cell_code k on k.district_id = $1::int and k.cell_id = a.leaf and k.valid @> upper(a.span) - 1 and k.recorded @> coalesce($4::timestamptz, 'infinity')
order by a.leaf, lower(a.span)
