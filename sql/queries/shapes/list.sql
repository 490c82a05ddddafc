-- The shapes of a district on a day with level and code, for a snapshot. $1 district, $2 day.
select s.cell_id, c.level, k.code, ST_AsBinary(s.geom, 'NDR') as wkb
from cell_shape s
join cell c on c.district_id = s.district_id and c.id = s.cell_id
join cell_code k on k.district_id = s.district_id and k.cell_id = s.cell_id and k.valid @> $2::date and upper_inf(k.recorded)
where s.district_id = $1::int and s.valid @> $2::date and upper_inf(s.recorded)
