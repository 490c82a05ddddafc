-- The weights of grades that a district goes by; its own comes before the general one. $1 district, $2 that hold on this day or null (all), $3 known at or null
-- (now), $4 id or null.
select w.id, jsonb_build_object('id', w.id, 'district', w.district_id, 'scale', w.scale, 'grade', w.grade, 'weight', w.weight, 'from', lower(w.valid), 'to', upper(w.valid))::text as doc
from figure_weight w
where (w.district_id = $1::int or w.district_id is null) and w.recorded @> coalesce($3::timestamptz, 'infinity') and ($2::date is null or w.valid @> $2::date)
  and ($4::int is null or w.id = $4::int)
order by w.scale, w.grade, w.district_id nulls last, lower(w.valid) nulls first, w.id
