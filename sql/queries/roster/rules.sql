-- The visit rules that a district goes by, the best fit first, as days since 1970-01-01 (null: open). $1 district, $2 known at or null (now).
select r.kind, coalesce(r.risk_grade, 0) as risk_grade, coalesce(r.industry, '') as industry, r.interval_days, r.grace_days, coalesce(r.yearly_cap, 0) as yearly_cap,
       lower(r.valid) - date '1970-01-01' as since, upper(r.valid) - date '1970-01-01' as until
from visit_rule r where (r.district_id = $1::int or r.district_id is null) and r.recorded @> coalesce($2::timestamptz, 'infinity')
order by r.district_id nulls last, length(r.industry) desc nulls last, r.risk_grade nulls last, r.id
