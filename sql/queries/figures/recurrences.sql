-- Hazards closed in [$4, $5) that can be followed (they name their enterprise and category), and how many of them were found again within 90
-- days: per place. $1 district, $2 source or '', $3 grade or '', $6 map day or null (their own), $7 known at or null (now).
with told as (
  select e.id, e.chain_id, hazard_recurred(e, coalesce($7::timestamptz, 'infinity')) as again
  from hazard e
  where e.district_id = $1::int and e.closed_on >= $4::date and e.closed_on < $5::date and e.recorded @> coalesce($7::timestamptz, 'infinity')
    and e.enterprise_id is not null and e.category is not null and ($2::text = '' or e.source = $2::text) and ($3::text = '' or e.grade = $3::text)),
stood as (
  select t.again, case when $6::date is null then h.district_cell end as district_cell, case when $6::date is null then h.town_cell end as town_cell,
         case when $6::date is null then h.village_cell when m.event_id is null then h.leaf else m.leaf end as village_cell
  from told t join chain h on h.id = t.chain_id
  left join event_move m on $6::date is not null and m.district_id = $1::int and m.event_id = t.id and m.valid @> $6::date
    and m.recorded @> coalesce($7::timestamptz, 'infinity'))
select coalesce(district_cell, 0) as district_cell, coalesce(town_cell, 0) as town_cell, coalesce(village_cell, 0) as village_cell,
       count(*) as followed, count(*) filter (where again) as again
from stood group by 1, 2, 3
