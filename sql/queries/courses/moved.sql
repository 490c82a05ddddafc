-- Hazards found in [$4, $5) that stand elsewhere on a map day, and how they went up to $6: where they are stamped, where they stand, and as waiting.sql. $1 district,
-- $2 source or '', $3 grade or '', $7 map day.
select coalesce(h.leaf, 0) as stamped, coalesce(m.leaf, 0) as placed, coalesce(e.closed_on < $6::date, false) as closed,
       case when e.closed_on < $6::date then e.closed_on else $6::date end - e.day as took, count(*) as n
from event_move m
join hazard e on e.district_id = m.district_id and e.id = m.event_id and e.day = m.day and upper_inf(e.recorded)
join chain h on h.id = e.chain_id
where m.district_id = $1::int and m.valid @> $7::date and upper_inf(m.recorded) and m.day >= $4::date and m.day < $5::date
  and ($2::text = '' or e.source = $2::text) and ($3::text = '' or e.grade = $3::text)
group by 1, 2, 3, 4
