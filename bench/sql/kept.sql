-- The best raw query for the same rows: kept counts, names and areas, and nothing else.
\set d random(0, 700)
with ends as (select date '2012-01-01' + (:d)::int as a, date '2013-01-01' + (:d)::int as b),
counted as (
  select h.village_cell,
         sum(case when t.month = date_trunc('month', e.b)::date then t.before + case extract(day from e.b)::int when 1 then 0 else coalesce(t.days[extract(day from e.b)::int - 1], 0) end else 0 end)
       - sum(case when t.month = date_trunc('month', e.a)::date then t.before + case extract(day from e.a)::int when 1 then 0 else coalesce(t.days[extract(day from e.a)::int - 1], 0) end else 0 end) as n
  from ends e, tally t join chain h on h.id = t.chain_id
  where t.district_id = (select id from district where scheme = 'chicago') and t.series_id in (select id from series where kind = 'hazard_found')
    and t.month in (date_trunc('month', e.a)::date, date_trunc('month', e.b)::date)
  group by h.village_cell)
select k.code, n.name, s.area_m2, coalesce(x.n, 0) as n, coalesce(x.n, 0) / s.area_m2 * 1e6 as density
from cell c
join cell_code k on k.district_id = c.district_id and k.cell_id = c.id
join cell_name n on n.district_id = c.district_id and n.cell_id = c.id
join cell_shape s on s.district_id = c.district_id and s.cell_id = c.id
left join counted x on x.village_cell = c.id
where c.level = 3 and c.district_id = (select id from district where scheme = 'chicago');
