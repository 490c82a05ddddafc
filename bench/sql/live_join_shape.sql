-- The live join: hazards of a window per village, by shape.
\set d random(0, 700)
select k.code, count(e.id)
from cell_shape s join cell c on c.district_id = s.district_id and c.id = s.cell_id and c.level = 3
join cell_code k on k.district_id = s.district_id and k.cell_id = s.cell_id
left join hazard e on ST_Intersects(s.geom, e.location) and e.day >= date '2012-01-01' + (:d)::int and e.day < date '2013-01-01' + (:d)::int and upper_inf(e.recorded)
where s.district_id = (select id from district where scheme = 'chicago') group by k.code;
