-- The patrols of a district and window by the cells of their own day, for a file. $1 district, $2 cell that they were within or
-- null, $3 from, $4 to.
select e.id, e.day, e.at, ek.code as enterprise_code, en.name as enterprise, ck.code as cell_code, cn.name as cell_name, e.rule, e.visit_kind, e.result, e.outcome, e.officer,
       ST_X(e.location) as lon, ST_Y(e.location) as lat, ST_AsBinary(e.location, 'NDR') as wkb
from patrol e
join chain h on h.id = e.chain_id
left join cell_code ck on ck.district_id = e.district_id and ck.cell_id = h.leaf and ck.valid @> e.day and upper_inf(ck.recorded)
left join cell_name cn on cn.district_id = e.district_id and cn.cell_id = h.leaf and cn.valid @> e.day and upper_inf(cn.recorded)
left join cell_code ek on ek.district_id = e.district_id and ek.cell_id = e.enterprise_id and ek.valid @> e.day and upper_inf(ek.recorded)
left join cell_name en on en.district_id = e.district_id and en.cell_id = e.enterprise_id and en.valid @> e.day and upper_inf(en.recorded)
where e.district_id = $1::int and upper_inf(e.recorded) and e.day >= $3::date and e.day < $4::date
  and ($2::bigint is null or $2::bigint in (e.enterprise_id, h.village_cell, h.town_cell, h.district_cell))
order by e.day, e.id
