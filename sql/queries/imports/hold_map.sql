-- Holds the map of a district until the end of the transaction (see map_held). $1 district, $2 whether the import changes it.
select map_held($1::int, $2::boolean)
