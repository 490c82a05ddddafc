-- The same as official.sql as known now, from what is kept of the months of a year, what is not folded yet and what stands elsewhere on a map day. $1 district, $2 the last day of which
-- enterprises' industry is told, $3 the first day of the table, $4 the day after its last, $5 the first day on which closings do not count any more, $6 map day or null (their own), $7 the
-- table by in_table(): of month m (m), of quarter q (12 + q), of the year up to month m (16 + m). $3 begins a month of it, and $4 lies in its last month or follows it.
with at as materialized (
  select in_month('general_found', b.before) as general_before, in_month('general_found', b.last) as general, in_month('major_found', b.before) as major_before, in_month('major_found', b.last) as major,
         in_month('in_plan', b.before) as plan_before, in_month('in_plan', b.last) as plan, in_month('five_in_place', b.before) as five_before, in_month('five_in_place', b.last) as five,
         in_month('listed', b.before) as listed_before, in_month('listed', b.last) as listed, in_month('listed_by_province', b.before) as province_before,
         in_month('listed_by_province', b.last) as province, in_table(false, $7::int) as general_closed, in_table(true, $7::int) as major_closed, 1 + b.before as funds_before, 1 + b.last as funds
  from (select extract(month from $3::date)::int - 1 as before, extract(month from $4::date - 1)::int as last) b),
part as materialized (
  select h.leaf, h.district_cell, h.town_cell, h.village_cell, k.enterprise_id, k.counts[general] - k.counts[general_before] as general_found, k.counts[general_closed] as general_closed,
         k.counts[major] - k.counts[major_before] as major_found, k.counts[major_closed] as major_closed, k.counts[plan] - k.counts[plan_before] as in_plan,
         k.counts[five] - k.counts[five_before] as five_in_place, k.counts[at.listed] - k.counts[listed_before] as listed, k.counts[province] - k.counts[province_before] as listed_by_province,
         k.funds[at.funds] - k.funds[funds_before] as funds
  from hazard_form k join chain h on h.id = k.chain_id cross join at where k.district_id = $1::int and k.year = extract(year from $3::date)
  union all
  select h.leaf, h.district_cell, h.town_cell, h.village_cell, coalesce(p.enterprise_id, 0), p.n * o.general_found, p.n * o.general_closed, p.n * o.major_found, p.n * o.major_closed, p.n * o.in_plan,
         p.n * o.five_in_place, p.n * o.listed, p.n * o.listed_by_province, p.n * o.funds
  from tally_pending p join chain h on h.id = p.chain_id
  cross join lateral form_of(p.day, p.grade = 'major', p.closed_on, p.in_plan, p.five_in_place, p.funds_yuan, p.listed_on, p.listed_by_province, $3::date, $4::date, $5::date) o
  where p.district_id = $1::int and p.kind = 'hazard' and p.day < $4::date and (p.day >= $3::date or p.listed_on >= $3::date)
  union all
  select nullif(x.leaf, 0), null, null, null, k.enterprise_id, x.n * (k.counts[general] - k.counts[general_before]), x.n * k.counts[general_closed], x.n * (k.counts[major] - k.counts[major_before]),
         x.n * k.counts[major_closed], x.n * (k.counts[plan] - k.counts[plan_before]), x.n * (k.counts[five] - k.counts[five_before]), x.n * (k.counts[at.listed] - k.counts[listed_before]),
         x.n * (k.counts[province] - k.counts[province_before]), x.n * (k.funds[at.funds] - k.funds[funds_before])
  from hazard_form k join chain_move v on v.id = k.chain_id and v.valid @> $6::date cross join at cross join lateral (values (v.stamped, -1), (v.placed, 1)) x (leaf, n)
  where k.district_id = $1::int and k.year = extract(year from $3::date)
  union all
  select nullif(x.leaf, 0), null, null, null, coalesce(p.enterprise_id, 0), x.n * p.n * o.general_found, x.n * p.n * o.general_closed, x.n * p.n * o.major_found, x.n * p.n * o.major_closed,
         x.n * p.n * o.in_plan, x.n * p.n * o.five_in_place, x.n * p.n * o.listed, x.n * p.n * o.listed_by_province, x.n * p.n * o.funds
  from tally_pending p join chain_move v on v.id = p.chain_id and v.valid @> $6::date
  cross join lateral form_of(p.day, p.grade = 'major', p.closed_on, p.in_plan, p.five_in_place, p.funds_yuan, p.listed_on, p.listed_by_province, $3::date, $4::date, $5::date) o
  cross join lateral (values (v.stamped, -1), (v.placed, 1)) x (leaf, n)
  where p.district_id = $1::int and p.kind = 'hazard' and p.day < $4::date and (p.day >= $3::date or p.listed_on >= $3::date)),
stood as (
  select case when $6::date is null then district_cell end as district_cell, case when $6::date is null then town_cell end as town_cell, case when $6::date is null then village_cell else leaf end as village_cell,
         enterprise_id, sum(general_found) as general_found, sum(general_closed) as general_closed, sum(major_found) as major_found, sum(major_closed) as major_closed, sum(in_plan) as in_plan,
         sum(five_in_place) as five_in_place, sum(listed) as listed, sum(listed_by_province) as listed_by_province, sum(funds) as funds
  from part group by 1, 2, 3, 4),
facts as (
  select distinct on (f.cell_id) f.cell_id, f.industry
  from enterprise f
  where f.district_id = $1::int and lower(f.valid) <= $2::date and upper_inf(f.recorded) and f.cell_id in (select enterprise_id from part)
  order by f.cell_id, lower(f.valid) desc)
select coalesce(s.district_cell, 0) as district_cell, coalesce(s.town_cell, 0) as town_cell, coalesce(s.village_cell, 0) as village_cell, coalesce(f.industry, '') as industry,
       sum(s.general_found) as general_found, sum(s.general_closed) as general_closed, sum(s.major_found) as major_found, sum(s.major_closed) as major_closed, sum(s.in_plan) as in_plan,
       sum(s.five_in_place) as five_in_place, sum(s.listed) as listed, sum(s.listed_by_province) as listed_by_province, sum(s.funds) * 0.01 as funds_yuan,
       array_to_string(array_agg(distinct s.enterprise_id) filter (where s.enterprise_id <> 0 and s.general_found + s.major_found > 0), ',') as enterprises
from stood s left join facts f on f.cell_id = s.enterprise_id
where s.general_found <> 0 or s.major_found <> 0 or s.listed <> 0
group by 1, 2, 3, 4
