-- The shapes of the cells of a level on a day, each with its box in degrees. $1 district, $2 level, $3 day.
select s.cell_id, ST_AsBinary(s.geom, 'NDR') as wkb, ST_XMin(s.geom) as west, ST_YMin(s.geom) as south, ST_XMax(s.geom) as east, ST_YMax(s.geom) as north
from cell_shape s join cell c on c.district_id = s.district_id and c.id = s.cell_id and c.level = $2::int
where s.district_id = $1::int and s.valid @> $3::date and upper_inf(s.recorded) order by s.cell_id
