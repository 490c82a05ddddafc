-- The operations that the rows of a list of handovers are, or what is wrong with them. $1 id of the plan, $2 rows.
select h.n, h.operation::text as operation, coalesce(h.fault, '') as fault
from reassignment r cross join lateral handovers_settle(r.district_id, r.effective_on, $2::jsonb) h where r.id = $1::uuid
