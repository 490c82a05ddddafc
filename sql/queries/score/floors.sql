-- From when an area can be ranked, as it holds in a district on a day. $1 district, $2 day, $3 known at or null (now).
select distinct on (f.name) f.name, f.value
from score_floor f where (f.district_id = $1::int or f.district_id is null) and f.valid @> $2::date and f.recorded @> coalesce($3::timestamptz, 'infinity')
order by f.name, f.district_id nulls last
