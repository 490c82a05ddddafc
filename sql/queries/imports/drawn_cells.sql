-- The cells of a district that have a shape, with their codes and parents. $1 district.
select distinct s.cell_id, k.code, p.parent_id
from cell_shape s
join cell_code k on k.district_id = s.district_id and k.cell_id = s.cell_id and upper_inf(k.recorded)
left join cell_parent p on p.district_id = s.district_id and p.cell_id = s.cell_id and upper_inf(p.recorded)
where s.district_id = $1::int and upper_inf(s.recorded)
