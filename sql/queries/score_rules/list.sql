-- How the components of the score become points in a district; its own rule comes before the general one. $1 district, $2 that hold on this day or null (all),
-- $3 known at or null (now), $4 id or null.
select r.id, jsonb_build_object('id', r.id, 'district', r.district_id, 'component', r.component, 'measure', r.measure, 'weight', r.weight, 'scale', r.scale, 'zero_at', r.zero_at,
                                'full_at', r.full_at, 'from', lower(r.valid), 'to', upper(r.valid))::text as doc
from score_rule r
where (r.district_id = $1::int or r.district_id is null) and r.recorded @> coalesce($3::timestamptz, 'infinity') and ($2::date is null or r.valid @> $2::date)
  and ($4::int is null or r.id = $4::int)
order by r.component, r.district_id nulls last, lower(r.valid) nulls first, r.id
