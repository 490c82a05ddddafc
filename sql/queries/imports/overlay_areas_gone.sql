-- The areas that hold on a day and are gone from the file. $1 district, $2 day, $3 whether they end on it.
select overlay_areas_gone($1::int, $2::date, $3::boolean) as code
