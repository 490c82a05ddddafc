-- All that was ever said of an area, by first day. $1 district, $2 area, $3 what was superseded too, $4 with each shape.
select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object('code', a.code, 'name', a.name, 'area_m2', a.area_m2, 'valid', jsonb_build_object('from', lower(a.valid), 'to', upper(a.valid)),
         'recorded', jsonb_build_object('from', lower(a.recorded), 'to', upper(a.recorded))) || case when $4::boolean then jsonb_build_object('geometry', ST_AsGeoJSON(a.geom, 7)::jsonb) else '{}' end
         order by lower(a.valid), lower(a.recorded)), '[]'))::text as doc, count(*) as rows
from overlay_area a where a.district_id = $1::int and a.id = $2::bigint and ($3::boolean or upper_inf(a.recorded))
