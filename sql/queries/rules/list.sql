-- The visit rules that a district goes by, in the order in which they are tried: the first that fits an enterprise holds. $1 district, $2 that hold on this day
-- or null (all), $3 known at or null (now), $4 id or null.
select r.id, jsonb_build_object('id', r.id, 'district', r.district_id, 'kind', r.kind, 'risk_grade', r.risk_grade, 'industry', r.industry, 'interval_days', r.interval_days,
                                'grace_days', r.grace_days, 'yearly_cap', r.yearly_cap, 'from', lower(r.valid), 'to', upper(r.valid))::text as doc
from visit_rule r
where (r.district_id = $1::int or r.district_id is null) and r.recorded @> coalesce($3::timestamptz, 'infinity') and ($2::date is null or r.valid @> $2::date)
  and ($4::int is null or r.id = $4::int)
order by r.kind, r.district_id nulls last, length(r.industry) desc nulls last, r.risk_grade nulls last, lower(r.valid) nulls first, r.id
