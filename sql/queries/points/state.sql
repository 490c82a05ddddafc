-- How often the map and the data of a district were changed, and the first transaction whose events this one may not see. Asked before the events are read. $1 district.
select (select map_version from district where id = $1::int) as map, coalesce(sum(v.data), 0)::bigint as data, pg_snapshot_xmin(pg_current_snapshot())::text as seen_below
from district_version v where v.district_id = $1::int
