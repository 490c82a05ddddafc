-- What to look at before a new edition. $1 district, $2 level, $3 scheme, $4 day, $5 whether renamed cells are other cells.
select cells_suspects($1::int, $2::smallint, $3, $4::date, $5::boolean) as suspect
