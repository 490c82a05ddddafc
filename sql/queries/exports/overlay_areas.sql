-- The areas of a district's overlays on a day, for a file. $1 district, $2 day, $3 cell whose ground they must share, or null.
select a.id, o.code as overlay, o.name as overlay_name, o.kind, a.code, a.name, lower(a.valid) as valid_from, upper(a.valid) as valid_to, a.area_m2, ST_AsBinary(a.geom, 'NDR') as wkb
from overlay_area a
join overlay o on o.district_id = a.district_id and o.id = a.overlay_id and o.valid @> $2::date and upper_inf(o.recorded)
where a.district_id = $1::int and a.valid @> $2::date and upper_inf(a.recorded)
  and ($3::bigint is null or exists (select from cell_shape s where s.district_id = a.district_id and s.cell_id = $3::bigint and s.valid @> $2::date and upper_inf(s.recorded)
                                       and s.geom && a.geom and ST_Intersects(s.geom, a.geom) and not ST_Touches(s.geom, a.geom)))
order by o.code collate "C", a.code collate "C"
