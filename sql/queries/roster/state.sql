-- How often the register of a district was changed, and the first transaction whose visits this one may not see. Asked before the visits are read: what is written
-- in between is read twice and never missed. $1 district.
select coalesce(sum(v.register), 0)::bigint as register, pg_snapshot_xmin(pg_current_snapshot())::text as seen_below
from district_version v where v.district_id = $1::int
