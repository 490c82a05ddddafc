-- The series of hazards found. $1 source or '', $2 grade or ''.
select id from series where kind = 'hazard_found' and ($1::text = '' or source = $1::text) and ($2::text = '' or grade = $2::text)
