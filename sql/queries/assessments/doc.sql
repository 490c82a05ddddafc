-- An assessment as it is told. $1 id.
select assessment_doc(a)::text as doc from assessment a where a.id = $1::uuid
