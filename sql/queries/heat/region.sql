-- The shape of a cell on a day. $1 district, $2 cell, $3 day.
select ST_AsBinary(s.geom, 'NDR') as wkb, ST_XMin(s.geom) as west, ST_YMin(s.geom) as south, ST_XMax(s.geom) as east, ST_YMax(s.geom) as north
from cell_shape s where s.district_id = $1::int and s.cell_id = $2::bigint and s.valid @> $3::date and upper_inf(s.recorded)
