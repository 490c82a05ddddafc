-- Gives a district the shape of the cells below it. $1 district, $2 day.
select shape_from_children($1::int, $2::date)
