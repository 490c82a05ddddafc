-- Each single write of events of a kind that transactions from one on have made: on which day the event stood before it, and how it stands now, if it does. Each such write has
-- its row in the trail; what is imported, or placed anew, changes the version of the map instead. Rows of a trail that was restored from another cluster may have numbers
-- that are still to come here. $1 district, $2 kind, $3 the transaction.
select a.entity_id::uuid as id, (a.before->>'day')::date - date '1970-01-01' as day_before, e.day - date '1970-01-01' as day, e.closed_on - date '1970-01-01' as closed,
       ST_X(e.location) as lon, ST_Y(e.location) as lat, e.enterprise_id, e.chain_id, h.district_cell, h.town_cell, h.village_cell, e.source, e.grade, e.category, e.result, e.outcome
from audit a
left join event_key k on k.district_id = a.district_id and k.id = a.entity_id::uuid
left join lateral (select * from event_point p where p.kind = $2::text and p.district_id = k.district_id and p.id = k.id and p.day = k.day) e on true
left join chain h on h.id = e.chain_id
where a.tx >= $3::xid8 and a.tx < pg_snapshot_xmax(pg_current_snapshot()) and a.district_id = $1::int and a.entity = $2::text
