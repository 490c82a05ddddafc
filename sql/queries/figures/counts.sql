-- Kept counts up to two days, per kind and stamped chain. $1 district, $2 source or '', $3 grade or '' (of hazards),
-- $4 from, $5 to, $6 which kinds, as an array, $7 hazards by source and grade apart. Returns what came before $4 and before $5.
with want as (
  select id, kind, case when $7::boolean then source else '' end as source, case when $7::boolean or kind not like 'hazard%' then grade else '' end as grade
  from series
  where kind = any($6::text[]) and (kind not like 'hazard%' or (($2::text = '' or source = $2::text) and ($3::text = '' or grade = $3::text)))),
ends as (
  select w.*, e.last, m.month, m.days
  from want w
  join tally_span s on s.district_id = $1::int and s.series_id = w.id
  cross join (values (false, $4::date), (true, $5::date)) e (last, day)
  cross join lateral (
    select least(date_trunc('month', e.day)::date, s.last_month) as month,
           case when date_trunc('month', e.day)::date > s.last_month then 31 else extract(day from e.day)::int - 1 end as days) m
  where e.day > s.first_month),
counted as (
  select e.kind, e.source, e.grade, t.chain_id, e.last, t.before + case e.days when 0 then 0 else coalesce(t.days[e.days], 0) end as n
  from ends e
  join tally t on t.district_id = $1::int and t.series_id = e.id and t.month = e.month
  union all
  select p.kind, case when $7::boolean then p.source else '' end, case when $7::boolean or p.kind not like 'hazard%' then p.grade else '' end, p.chain_id, e.last, p.n
  from (select * from tally_waiting($1::int) union all select * from recurrences_waiting($1::int, $6::text[])) p join (values (false, $4::date), (true, $5::date)) e (last, day) on p.day < e.day
  where p.kind = any($6::text[]) and (p.kind not like 'hazard%' or (($2::text = '' or p.source = $2::text) and ($3::text = '' or p.grade = $3::text))))
select c.kind, c.source, c.grade, coalesce(h.district_cell, 0) as district_cell, coalesce(h.town_cell, 0) as town_cell,
       coalesce(h.village_cell, 0) as village_cell,
       coalesce(sum(c.n) filter (where not c.last), 0) as before_from, coalesce(sum(c.n) filter (where c.last), 0) as before_to
from counted c join chain h on h.id = c.chain_id
group by 1, 2, 3, 4, 5, 6
