-- Areas of overlays on a day, by id, with who holds their posts then. $1 district, $2 overlay or null, $3 day, $4 known at or null (now), $5 after, $6 how many, $7 id or null, $8 drawn: as features.
select x.id, case when $8::boolean then '{"type":"Feature","id":' || x.id || ',"geometry":' || ST_AsGeoJSON(x.geom, 7) || ',"properties":' || x.doc || '}' else x.doc end as doc
from (
  select a.id, a.geom, jsonb_build_object('id', a.id, 'district', a.district_id, 'overlay', a.overlay_id, 'code', a.code, 'name', a.name, 'area_m2', a.area_m2, 'from', lower(a.valid), 'to', upper(a.valid),
      'version', overlay_area_version(a.district_id, a.id),
      'holders', (select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'post', h.post, 'acting', h.acting, 'person', p.id, 'person_name', p.name) order by h.id), '[]')
                  from overlay_holder h join person p on p.district_id = h.district_id and p.id = h.person_id
                  where h.district_id = a.district_id and h.area_id = a.id and h.valid @> $3::date and h.recorded @> coalesce($4::timestamptz, 'infinity')))::text as doc
  from overlay_area a
  where a.district_id = $1::int and ($2::bigint is null or a.overlay_id = $2::bigint) and a.valid @> $3::date and a.recorded @> coalesce($4::timestamptz, 'infinity') and a.id > $5::bigint
    and ($7::bigint is null or a.id = $7::bigint)
  order by a.id limit $6::int) x
order by x.id
