-- The signed assessments whose figures a plan can alter: those that look at the map or at posts of a day from the first on that it changes. $1 plan.
select a.id, assessment_doc(a)::text as doc
from reassignment r join assessment a on a.district_id = r.district_id and a.status = 'signed' and a.kind = 'figures'
where r.id = $1::uuid and greatest(a.as_of, a.to_day - 1) >= reassignment_reaches_back(r) order by a.seq
