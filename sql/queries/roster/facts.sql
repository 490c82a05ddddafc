-- What supervision needs to know of enterprises, as days since 1970-01-01; risk_grade 0 and headcount -1 where unknown. $1 district,
-- $2 known at or null (now), $3 cells, as an array, or null (all).
select e.cell_id, lower(e.valid) - date '1970-01-01' as since, upper(e.valid) - date '1970-01-01' as until, coalesce(e.risk_grade, 0) as risk_grade,
       coalesce(e.industry, '') as industry, coalesce(e.headcount, -1) as headcount, e.location is not null as located,
       coalesce(e.lead_department, '') <> '' as has_department
from enterprise e where e.district_id = $1::int and e.recorded @> coalesce($2::timestamptz, 'infinity') and ($3::bigint[] is null or e.cell_id = any($3)) order by e.cell_id, lower(e.valid)
