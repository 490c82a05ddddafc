-- The minutes that a visit, the way to one and the follow-up of an open hazard are reckoned at in a district on a day. $1 district, $2 day.
select distinct on (w.grade) w.grade, w.weight
from figure_weight w where w.scale = 'workload' and (w.district_id = $1::int or w.district_id is null) and w.valid @> $2::date and upper_inf(w.recorded)
order by w.grade, w.district_id nulls last
