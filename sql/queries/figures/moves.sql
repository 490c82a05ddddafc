-- What stands elsewhere on a map day, from kept counts as in counts.sql: per kind, where it was stamped and where it stands. $1 district, $2 source or '', $3 grade or '' (of hazards),
-- $4 from, $5 to, $6 which kinds, as an array, $7 hazards by source and grade apart, $8 map day.
with stood as materialized (select id, stamped, placed from chain_move where district_id = $1::int and valid @> $8::date),
want as (
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
  select e.kind, e.source, e.grade, h.stamped, h.placed, e.last, t.before + case e.days when 0 then 0 else coalesce(t.days[e.days], 0) end as n
  from stood h cross join ends e
  join tally t on t.district_id = $1::int and t.series_id = e.id and t.month = e.month and t.chain_id = h.id
  union all
  select p.kind, case when $7::boolean then p.source else '' end, case when $7::boolean or p.kind not like 'hazard%' then p.grade else '' end, h.stamped, h.placed, e.last, p.n
  from (select * from tally_waiting($1::int) where exists (select from stood)
        union all select * from recurrences_waiting($1::int, $6::text[]) where exists (select from stood)) p
  join stood h on h.id = p.chain_id
  join (values (false, $4::date), (true, $5::date)) e (last, day) on p.day < e.day
  where p.kind = any($6::text[]) and (p.kind not like 'hazard%' or (($2::text = '' or p.source = $2::text) and ($3::text = '' or p.grade = $3::text))))
select c.kind, c.source, c.grade, c.stamped, c.placed, coalesce(sum(c.n) filter (where not c.last), 0) as before_from, coalesce(sum(c.n) filter (where c.last), 0) as before_to
from counted c group by 1, 2, 3, 4, 5
