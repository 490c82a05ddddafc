-- The areas of an overlay on a day with their shapes, and how much of each lies in a cell. $1 district, $2 overlay, $3 day, $4 cell, or null for the whole areas.
select a.id, a.code, a.name, ST_AsBinary(a.geom, 'NDR') as wkb,
       case when $4::bigint is null then a.area_m2 else (
         select ST_Area(ST_Intersection(a.geom, s.geom)::geography) from cell_shape s where s.district_id = a.district_id and s.cell_id = $4::bigint and s.valid @> $3::date and upper_inf(s.recorded)) end as area_m2
from overlay_area a where a.district_id = $1::int and a.overlay_id = $2::bigint and a.valid @> $3::date and upper_inf(a.recorded)
order by a.code collate "C"
