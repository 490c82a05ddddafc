-- The same from the events as known at an instant: a row for each enterprise and day, with its visits. $1 district, $2 known at.
select 'inspection' as kind, i.enterprise_id as cell_id, i.day - date '1970-01-01' as day, count(distinct coalesce(i.joint_id, i.id)) as visits
from inspection i where i.district_id = $1::int and i.recorded @> $2::timestamptz and i.result = 'completed' and i.enterprise_id is not null group by 2, 3
union all
select 'patrol', p.enterprise_id, p.day - date '1970-01-01', count(distinct coalesce(p.joint_id, p.id))
from patrol p where p.district_id = $1::int and p.recorded @> $2::timestamptz and p.result = 'completed' and p.enterprise_id is not null group by 2, 3
order by 2, 3
