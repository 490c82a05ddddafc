-- What an overlay should tile, and its areas on a day: the district first (level 1), where it has a shape or not. $1 district, $2 overlay, $3 day.
select 1 as level, c.cell_id as id, coalesce(k.code, '') as code, coalesce(n.name, '') as name, ST_AsBinary(s.geom, 'NDR') as wkb
from district c
left join cell_code k on k.district_id = c.id and k.cell_id = c.cell_id and k.scheme = c.scheme and k.valid @> $3::date and upper_inf(k.recorded)
left join cell_name n on n.district_id = c.id and n.cell_id = c.cell_id and n.valid @> $3::date and upper_inf(n.recorded)
left join cell_shape s on s.district_id = c.id and s.cell_id = c.cell_id and s.valid @> $3::date and upper_inf(s.recorded)
where c.id = $1::int
union all
select 0, a.id, a.code, a.name, ST_AsBinary(a.geom, 'NDR') from overlay_area a
where a.district_id = $1::int and a.overlay_id = $2::bigint and a.valid @> $3::date and upper_inf(a.recorded)
order by level desc, id
