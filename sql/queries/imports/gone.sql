-- The codes that hold on a day and are gone from the file. $1 district, $2 level, $3 scheme, $4 day, $5 whether they end on it.
select cells_gone($1::int, $2::smallint, $3, $4::date, $5::boolean) as code
