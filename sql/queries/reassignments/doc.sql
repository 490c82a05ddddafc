-- A plan as it is told. $1 id.
select reassignment_doc(r)::text as doc from reassignment r where r.id = $1::uuid
