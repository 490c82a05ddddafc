-- Merges the temporary table incoming_cell. $1 district, $2 level, $3 scheme, $4 scheme of the parents, $5 day.
select added, changed, same from cells_import($1::int, $2::smallint, $3, $4, $5::date)
