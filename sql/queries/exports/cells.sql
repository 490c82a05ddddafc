-- The areal cells of a district on a day, for a file. $1 district, $2 day, $3 cell that they are within or null.
-- Planned with its values.
select w.leaf as id, c.level, n.kind, k.scheme, k.code, n.name, pk.code as parent_code, lower(l.valid) as valid_from, upper(l.valid) as valid_to,
       s.area_m2, ST_AsBinary(s.geom, 'NDR') as wkb
from ways($1::int, $2::date, $2::date + 1, 'infinity') w
join cell c on c.district_id = $1::int and c.id = w.leaf
join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> $2::date and upper_inf(l.recorded)
join cell_name n on n.district_id = c.district_id and n.cell_id = c.id and n.valid @> $2::date and upper_inf(n.recorded)
join cell_code k on k.district_id = c.district_id and k.cell_id = c.id and k.valid @> $2::date and upper_inf(k.recorded)
left join cell_parent p on p.district_id = c.district_id and p.cell_id = c.id and p.valid @> $2::date and upper_inf(p.recorded)
left join cell_code pk on pk.district_id = c.district_id and pk.cell_id = p.parent_id and pk.valid @> $2::date and upper_inf(pk.recorded)
left join cell_shape s on s.district_id = c.district_id and s.cell_id = c.id and s.valid @> $2::date and upper_inf(s.recorded)
where $3::bigint is null or $3::bigint in (w.leaf, w.village_cell, w.town_cell, w.district_cell)
order by c.level, k.code collate "C"
