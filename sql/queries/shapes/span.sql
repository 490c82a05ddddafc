-- The version of the map of a district, and the days around a day between which it does not change. $1 district, $2 day.
select (select d.map_version from district d where d.id = $1::int) as map_version,
       max(m.day) filter (where m.day <= $2::date) as since, min(m.day) filter (where m.day > $2::date) as until
from map_epoch m where m.district_id = $1::int
