-- The live join by the key that an event was stamped with: what a server without kept counts could do at best.
\set d random(0, 700)
select k.code, s.area_m2, count(e.id), count(e.id) / s.area_m2 * 1e6 as density
from cell c
join cell_code k on k.district_id = c.district_id and k.cell_id = c.id
join cell_name n on n.district_id = c.district_id and n.cell_id = c.id
join cell_shape s on s.district_id = c.district_id and s.cell_id = c.id
left join (chain h join hazard e on e.chain_id = h.id and e.day >= date '2012-01-01' + (:d)::int and e.day < date '2013-01-01' + (:d)::int and upper_inf(e.recorded)) on h.village_cell = c.id
where c.level = 3 and c.district_id = (select id from district where scheme = 'chicago') group by k.code, s.area_m2;
