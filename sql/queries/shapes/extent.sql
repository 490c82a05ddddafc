-- The box around all that was ever drawn of a district, in degrees; nulls where nothing was. $1 district.
select ST_XMin(b) as west, ST_YMin(b) as south, ST_XMax(b) as east, ST_YMax(b) as north
from (select ST_Extent(geom) as b from cell_shape where district_id = $1::int and upper_inf(recorded)) x
