-- The areal cells of a district on a day, with their shapes where they have one. $1 district, $2 day.
-- Planned with its values.
select c.id, c.level, n.name, k.scheme, k.code, coalesce(p.parent_id, 0) as parent_id, ST_AsBinary(s.geom, 'NDR') as wkb
from cell c
join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> $2::date and upper_inf(l.recorded)
join cell_name n on n.district_id = c.district_id and n.cell_id = c.id and n.valid @> $2::date and upper_inf(n.recorded)
join cell_code k on k.district_id = c.district_id and k.cell_id = c.id and k.valid @> $2::date and upper_inf(k.recorded)
left join cell_parent p on p.district_id = c.district_id and p.cell_id = c.id and p.valid @> $2::date and upper_inf(p.recorded)
left join cell_shape s on s.district_id = c.district_id and s.cell_id = c.id and s.valid @> $2::date and upper_inf(s.recorded)
where c.district_id = $1::int and c.level <= 3
order by c.level, c.id
