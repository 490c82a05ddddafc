-- The events of a kind as they stand now, with or without a place; days as numbers since 1970-01-01. $1 district, $2 kind (hazard, inspection, patrol, accident), $3 from, $4 to.
select e.id, e.day - date '1970-01-01' as day, e.closed_on - date '1970-01-01' as closed, ST_X(e.location) as lon, ST_Y(e.location) as lat, e.enterprise_id,
       e.chain_id, h.district_cell, h.town_cell, h.village_cell, e.source, e.grade, e.category, e.result, e.outcome
from event_point e join chain h on h.id = e.chain_id
where e.district_id = $1::int and e.kind = $2::text and e.day >= $3::date and e.day < $4::date
