-- The shapes of the cells of a level of a district on a day, by id. $1 district, $2 day, $3 level, $4 known at or null (now).
select s.cell_id, ST_AsBinary(s.geom, 'NDR') as wkb
from cell_shape s
join cell c on c.district_id = s.district_id and c.id = s.cell_id and c.level = $3::int
where s.district_id = $1::int and s.valid @> $2::date and s.recorded @> coalesce($4::timestamptz, 'infinity')
order by s.cell_id
