-- The area of each overlay at a point on a day, with who holds its posts, a row each; on a border the lowest code in byte order. $1 district, $2 longitude, $3 latitude, $4 day, $5 with whole phones.
with hit as (
  select distinct on (a.overlay_id) a.id, a.overlay_id, a.code, a.name
  from overlay_area a
  where a.district_id = $1::int and a.valid @> $4::date and upper_inf(a.recorded) and ST_Intersects(a.geom, ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4490))
  order by a.overlay_id, a.code collate "C")
select a.id, a.overlay_id, a.code, a.name, o.code as overlay_code, o.name as overlay_name, o.kind, h.post, h.acting, p.id as person_id, p.name as person_name, coalesce(mask_phone(p.phone, $5::boolean), '') as phone
from hit a join overlay o on o.district_id = $1::int and o.id = a.overlay_id and o.valid @> $4::date and upper_inf(o.recorded)
left join overlay_holder h on h.district_id = $1::int and h.area_id = a.id and h.valid @> $4::date and upper_inf(h.recorded)
left join person p on p.district_id = h.district_id and p.id = h.person_id
order by o.code collate "C", h.id
