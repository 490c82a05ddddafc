-- The weights of grades that hold in a district on a day. $1 district, $2 day, $3 known at or null (now).
select distinct on (w.scale, w.grade) w.scale, w.grade, w.weight
from figure_weight w where (w.district_id = $1::int or w.district_id is null) and w.valid @> $2::date and w.recorded @> coalesce($3::timestamptz, 'infinity')
order by w.scale, w.grade, w.district_id nulls last
