-- The enterprises that are active in a district on a day: where each belongs and where its point is. $1 district, $2 day.
select c.id, n.name, k.code, coalesce(p.parent_id, 0) as parent_id, ST_X(e.location) as x, ST_Y(e.location) as y
from cell c
join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> $2::date and upper_inf(l.recorded)
join cell_name n on n.district_id = c.district_id and n.cell_id = c.id and n.valid @> $2::date and upper_inf(n.recorded)
join cell_code k on k.district_id = c.district_id and k.cell_id = c.id and k.valid @> $2::date and upper_inf(k.recorded)
left join cell_parent p on p.district_id = c.district_id and p.cell_id = c.id and p.valid @> $2::date and upper_inf(p.recorded)
left join enterprise e on e.district_id = c.district_id and e.cell_id = c.id and e.valid @> $2::date and upper_inf(e.recorded)
where c.district_id = $1::int and c.level = 4
order by c.id
