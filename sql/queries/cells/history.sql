-- All that was said of a cell. $1 district, $2 cell, $3 superseded rows too, $4 shapes drawn.
select cell_history($1::int, $2::bigint, $3::boolean, $4::boolean)::text as doc
