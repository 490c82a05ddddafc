-- Takes rows with an unknown parent out of incoming_cell. $1 district, $2 level, $3 scheme of the parents, $4 the day from which the map holds.
select code, parent_code, placed, zero from incoming_orphans($1::int, $2::smallint, $3, $4::date)
