-- Counts as known at an instant, from the events. $1 district, $2 source or '', $3 grade or '' (of hazards), $4 from, $5 to, $6 map day or
-- null (their own), $7 known at. Returns what counts.sql returns; with a map day, the leaf stands in village_cell.
with told as (
  select 'hazard_found' as kind, e.id, e.day, e.chain_id from hazard e
  where e.district_id = $1::int and e.recorded @> $7::timestamptz and ($2::text = '' or e.source = $2::text) and ($3::text = '' or e.grade = $3::text)
  union all
  select 'hazard_closed', e.id, e.closed_on, e.chain_id from hazard e
  where e.district_id = $1::int and e.recorded @> $7::timestamptz and e.closed_on is not null
    and ($2::text = '' or e.source = $2::text) and ($3::text = '' or e.grade = $3::text)
  union all
  select 'inspection', e.id, e.day, e.chain_id from inspection e
  where e.district_id = $1::int and e.recorded @> $7::timestamptz and e.result = 'completed'
  union all
  select 'patrol', e.id, e.day, e.chain_id from patrol e
  where e.district_id = $1::int and e.recorded @> $7::timestamptz and e.result = 'completed'),
stood as (
  select t.kind, t.day, case when $6::date is null then h.district_cell end as district_cell, case when $6::date is null then h.town_cell end as town_cell,
         case when $6::date is null then h.village_cell when m.event_id is null then h.leaf else m.leaf end as village_cell
  from told t join chain h on h.id = t.chain_id
  left join event_move m on $6::date is not null and m.district_id = $1::int and m.event_id = t.id and m.valid @> $6::date
    and m.recorded @> $7::timestamptz
  where t.day < $5::date)
select kind, coalesce(district_cell, 0) as district_cell, coalesce(town_cell, 0) as town_cell, coalesce(village_cell, 0) as village_cell,
       count(*) filter (where day < $4::date) as before_from, count(*) as before_to
from stood group by 1, 2, 3, 4
