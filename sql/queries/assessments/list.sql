-- Assessments of a district, newest first. $1 district, $2 areas that the caller reaches, as an array, or null (all), $3 status or null, $4 before this number, $5 how many.
select a.seq as id, assessment_doc(a)::text as doc from assessment a
where a.district_id = $1::int and ($2::bigint[] is null or a.areas && $2::bigint[]) and ($3::text is null or a.status = $3::text) and a.seq < $4::bigint
order by a.seq desc limit $5::int
