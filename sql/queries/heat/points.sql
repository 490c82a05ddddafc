-- Where events of a window are, in a box. $1 district, $2 to $5 west, south, east, north in degrees, $6 kind (hazard, inspection, patrol, accident), $7 from, $8 to (of hazards
-- found within), $9 a day on which hazards are open, instead, or null, $10 source or null, $11 grade or null, $12 category or null (all three of hazards).
with box as (select ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4490) as b)
select ST_X(e.location) as lon, ST_Y(e.location) as lat, e.grade = 'major' as major
from box, hazard e
where $6::text = 'hazard' and e.district_id = $1::int and upper_inf(e.recorded) and e.location && b
  and case when $9::date is null then e.day >= $7::date and e.day < $8::date else e.day <= $9::date and (e.closed_on is null or e.closed_on > $9::date) end
  and ($10::text is null or e.source = $10::text) and ($11::text is null or e.grade = $11::text) and ($12::text is null or e.category = $12::text)
union all
select ST_X(e.location), ST_Y(e.location), false from box, inspection e
where $6::text = 'inspection' and e.district_id = $1::int and upper_inf(e.recorded) and e.location && b and e.day >= $7::date and e.day < $8::date
union all
select ST_X(e.location), ST_Y(e.location), false from box, patrol e
where $6::text = 'patrol' and e.district_id = $1::int and upper_inf(e.recorded) and e.location && b and e.day >= $7::date and e.day < $8::date
union all
select ST_X(e.location), ST_Y(e.location), false from box, accident e
where $6::text = 'accident' and e.district_id = $1::int and upper_inf(e.recorded) and e.location && b and e.day >= $7::date and e.day < $8::date
order by lon, lat
