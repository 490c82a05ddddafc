-- From when areas of a district are ranked; its own floor comes before the general one. $1 district, $2 that hold on this day or null (all), $3 known at or null
-- (now), $4 id or null.
select f.id, jsonb_build_object('id', f.id, 'district', f.district_id, 'name', f.name, 'value', f.value, 'from', lower(f.valid), 'to', upper(f.valid))::text as doc
from score_floor f
where (f.district_id = $1::int or f.district_id is null) and f.recorded @> coalesce($3::timestamptz, 'infinity') and ($2::date is null or f.valid @> $2::date)
  and ($4::int is null or f.id = $4::int)
order by f.name, f.district_id nulls last, lower(f.valid) nulls first, f.id
