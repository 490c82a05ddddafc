-- Hazards found in [$4, $5) as known at an instant, and how they went up to $6: per place and days taken, how many were closed before $6 and how many were still open
-- then. $1 district, $2 source or '', $3 grade or '', $7 map day or null (their own), $8 known at. With a map day, the leaf stands in village_cell.
with told as (
  select e.id, e.chain_id, coalesce(e.closed_on < $6::date, false) as closed, case when e.closed_on < $6::date then e.closed_on else $6::date end - e.day as took
  from hazard e
  where e.district_id = $1::int and e.day >= $4::date and e.day < $5::date and e.recorded @> $8::timestamptz
    and ($2::text = '' or e.source = $2::text) and ($3::text = '' or e.grade = $3::text)),
stood as (
  select t.closed, t.took,
         case when $7::date is null then h.district_cell end as district_cell, case when $7::date is null then h.town_cell end as town_cell,
         case when $7::date is null then h.village_cell when m.event_id is null then h.leaf else m.leaf end as village_cell
  from told t join chain h on h.id = t.chain_id
  left join event_move m on $7::date is not null and m.district_id = $1::int and m.event_id = t.id and m.valid @> $7::date and m.recorded @> $8::timestamptz)
select coalesce(district_cell, 0) as district_cell, coalesce(town_cell, 0) as town_cell, coalesce(village_cell, 0) as village_cell, closed, took, count(*) as n
from stood group by 1, 2, 3, 4, 5
