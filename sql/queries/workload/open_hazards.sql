-- Hazards that are open on a day by the cell that they stand in then: that of their enterprise, else the one that they were placed in. $1 district, $2 day.
select coalesce(p.parent_id, h.leaf) as cell_id, count(*) as hazards
from hazard z
join chain h on h.id = z.chain_id
left join cell_parent p on p.district_id = z.district_id and p.cell_id = z.enterprise_id and p.valid @> $2::date and upper_inf(p.recorded)
where z.district_id = $1::int and upper_inf(z.recorded) and z.day <= $2::date and (z.closed_on is null or z.closed_on > $2::date) and coalesce(p.parent_id, h.leaf) is not null
group by 1 order by 1
