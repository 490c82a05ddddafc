-- Hazards as the official form counts them, by place and industry, from the hazards themselves: found in [$3, $4), and put under listed supervision in it. $1 district, $2 the last day of
-- which enterprises' industry is told, $5 the first day on which closings do not count any more, $6 map day or null (their own), $7 known at or null (now).
-- With a map day, the leaf stands in village_cell. An industry is what is said of the enterprise on that day, or last before it; '' where nothing is.
with told as (
  select e.id, e.chain_id, e.enterprise_id, e.day >= $3::date as found, o.*
  from hazard e cross join lateral form_of(e.day, e.grade = 'major', e.closed_on, e.in_plan, e.five_in_place, e.funds_yuan, e.listed_on, e.listed_by = 'province', $3::date, $4::date, $5::date) o
  where e.district_id = $1::int and e.day < $4::date and (e.day >= $3::date or (e.listed_on >= $3::date and e.listed_on < $4::date)) and e.recorded @> coalesce($7::timestamptz, 'infinity')),
facts as (
  select distinct on (f.cell_id) f.cell_id, f.industry
  from enterprise f
  where f.district_id = $1::int and lower(f.valid) <= $2::date and f.recorded @> coalesce($7::timestamptz, 'infinity') and f.cell_id in (select enterprise_id from told)
  order by f.cell_id, lower(f.valid) desc),
stood as (
  select t.*, coalesce(f.industry, '') as industry, case when $6::date is null then h.district_cell end as district_cell, case when $6::date is null then h.town_cell end as town_cell,
         case when $6::date is null then h.village_cell when m.event_id is null then h.leaf else m.leaf end as village_cell
  from told t join chain h on h.id = t.chain_id
  left join facts f on f.cell_id = t.enterprise_id
  left join event_move m on $6::date is not null and m.district_id = $1::int and m.event_id = t.id and m.valid @> $6::date
    and m.recorded @> coalesce($7::timestamptz, 'infinity'))
select coalesce(district_cell, 0) as district_cell, coalesce(town_cell, 0) as town_cell, coalesce(village_cell, 0) as village_cell, industry,
       sum(general_found) as general_found, sum(general_closed) as general_closed, sum(major_found) as major_found, sum(major_closed) as major_closed, sum(in_plan) as in_plan,
       sum(five_in_place) as five_in_place, sum(listed) as listed, sum(listed_by_province) as listed_by_province, sum(funds) * 0.01 as funds_yuan,
       array_to_string(array_agg(distinct enterprise_id) filter (where found), ',') as enterprises
from stood group by 1, 2, 3, 4
