-- When enterprises were exempt, as days since 1970-01-01. $1 district, $2 known at or null (now).
select e.cell_id, lower(e.valid) - date '1970-01-01' as since, upper(e.valid) - date '1970-01-01' as until
from exemption e where e.district_id = $1::int and e.recorded @> coalesce($2::timestamptz, 'infinity') order by e.cell_id, lower(e.valid)
