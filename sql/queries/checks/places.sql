-- Points as PostGIS places them. $1 district, $2 day, $3 how many at random, $4 how many on borders.
select x, y, cell_id from places_by_postgis($1::int, $2::date, $3::int, $4::int)
