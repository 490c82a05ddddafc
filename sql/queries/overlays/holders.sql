-- Who holds posts of areas, by id. $1 district, $2 area or null, $3 in force on this day or null (all), $4 person or null, $5 known at or null (now), $6 after, $7 how many, $8 id or null.
select h.id, jsonb_build_object('id', h.id, 'district', h.district_id, 'area', h.area_id, 'person', h.person_id, 'person_name', p.name, 'post', h.post, 'acting', h.acting, 'from', lower(h.valid), 'to', upper(h.valid))::text as doc
from overlay_holder h join person p on p.district_id = h.district_id and p.id = h.person_id
where h.district_id = $1::int and ($2::bigint is null or h.area_id = $2::bigint) and ($3::date is null or h.valid @> $3::date) and ($4::bigint is null or h.person_id = $4::bigint)
  and h.recorded @> coalesce($5::timestamptz, 'infinity') and h.id > $6::bigint and ($8::bigint is null or h.id = $8::bigint)
order by h.id limit $7::int
