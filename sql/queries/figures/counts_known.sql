-- Counts as known at an instant, from the events. $1 district, $2 source or '', $3 grade or '' (of hazards), $4 from, $5 to, $6 which kinds,
-- as an array, $7 hazards by source and grade apart, $8 map day or null (their own), $9 known at. Returns what counts.sql returns; with a map
-- day, the leaf stands in village_cell.
with told as (
  select c.kind, e.source, e.grade, e.id, c.day, e.chain_id
  from hazard e
  cross join lateral (values
    ('hazard_found', e.day), ('hazard_closed', e.closed_on), ('hazard_due', e.due_on), ('hazard_on_time', case when e.closed_on <= e.due_on then e.due_on end),
    ('hazard_settled', case when e.closed_on is not null and e.due_on is not null then greatest(e.closed_on, e.due_on) end),
    ('hazard_reviewed', case when e.reviewed_on <= e.closed_on then e.closed_on end),
    ('hazard_followed', case when e.enterprise_id is not null and e.category is not null then e.closed_on end),
    ('hazard_recurred', case when 'hazard_recurred' = any($6::text[]) and e.closed_on >= $4::date and hazard_recurred(e, $9::timestamptz) then e.closed_on end)) c (kind, day)
  where e.district_id = $1::int and e.recorded @> $9::timestamptz and c.day is not null and ($2::text = '' or e.source = $2::text) and ($3::text = '' or e.grade = $3::text)
  union all
  select 'inspection', '', e.result, e.id, e.day, e.chain_id from inspection e where e.district_id = $1::int and e.recorded @> $9::timestamptz
  union all
  select 'patrol', '', e.result, e.id, e.day, e.chain_id from patrol e where e.district_id = $1::int and e.recorded @> $9::timestamptz
  union all
  select 'accident', '', accident_grade(e.deaths, e.serious_injuries, e.direct_loss_yuan), e.id, e.day, e.chain_id
  from accident e where e.district_id = $1::int and e.recorded @> $9::timestamptz),
stood as (
  select t.kind, case when $7::boolean then t.source else '' end as source, case when $7::boolean or t.kind not like 'hazard%' then t.grade else '' end as grade, t.day,
         case when $8::date is null then h.district_cell end as district_cell, case when $8::date is null then h.town_cell end as town_cell,
         case when $8::date is null then h.village_cell when m.event_id is null then h.leaf else m.leaf end as village_cell
  from told t join chain h on h.id = t.chain_id
  left join event_move m on $8::date is not null and m.district_id = $1::int and m.event_id = t.id and m.valid @> $8::date
    and m.recorded @> $9::timestamptz
  where t.day < $5::date and t.kind = any($6::text[]))
select kind, source, grade, coalesce(district_cell, 0) as district_cell, coalesce(town_cell, 0) as town_cell, coalesce(village_cell, 0) as village_cell,
       count(*) filter (where day < $4::date) as before_from, count(*) as before_to
from stood group by 1, 2, 3, 4, 5, 6
