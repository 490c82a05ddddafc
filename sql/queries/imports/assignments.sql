-- Merges the assignments in the temporary table incoming. $1 district, $2 scheme of areal cells, $3 of enterprises.
select added, changed, same from assignments_import($1::int, $2, $3)
