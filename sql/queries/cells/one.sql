-- One cell on a day. $1 id, $2 day or null (the local day of its district), $3 with geometry.
select c.id, c.district_id, c.level, n.kind, n.name, k.scheme, k.code, p.parent_id, lower(l.valid) as valid_from,
       upper(l.valid) as valid_to, s.area_m2,
       case when $3::boolean then coalesce(ST_AsGeoJSON(s.geom, 7), ST_AsGeoJSON(e.location, 7)) end as geometry
from cell c
join district d on d.id = c.district_id
cross join lateral (select coalesce($2::date, (now() at time zone d.time_zone)::date) as day) t
join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> t.day and upper_inf(l.recorded)
join cell_name n on n.district_id = c.district_id and n.cell_id = c.id and n.valid @> t.day and upper_inf(n.recorded)
join cell_code k on k.district_id = c.district_id and k.cell_id = c.id and k.valid @> t.day and upper_inf(k.recorded)
left join cell_parent p on p.district_id = c.district_id and p.cell_id = c.id and p.valid @> t.day and upper_inf(p.recorded)
left join cell_shape s on s.district_id = c.district_id and s.cell_id = c.id and s.valid @> t.day and upper_inf(s.recorded)
left join enterprise e on e.district_id = c.district_id and e.cell_id = c.id and e.valid @> t.day and upper_inf(e.recorded)
where c.id = $1::bigint
