-- Takes out of the temporary table incoming_basemap what of a table cannot be drawn, and tells its rows; `beyond`: it reaches beyond the tiles, else a line has no length. $1 the number of the table.
select bad_row, beyond from basemap_check($1::int) order by bad_row
