-- Hazards that are open on a day by the cell that they stand in then, on the map of that day. $1 district, $2 day.
select case when m.event_id is null then h.leaf else m.leaf end as cell_id, count(*) as hazards
from hazard z
join chain h on h.id = z.chain_id
left join event_move m on m.district_id = z.district_id and m.event_id = z.id and m.valid @> $2::date and upper_inf(m.recorded)
where z.district_id = $1::int and upper_inf(z.recorded) and z.day <= $2::date and (z.closed_on is null or z.closed_on > $2::date)
  and case when m.event_id is null then h.leaf else m.leaf end is not null
group by 1 order by 1
