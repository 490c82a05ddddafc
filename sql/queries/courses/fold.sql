-- The last fold that changed courses of a district. $1 district.
select coalesce((select fold from course_fold where district_id = $1::int), 0) as fold
