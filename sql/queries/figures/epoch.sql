-- The last day up to $2 on which the map of a district changed, and whether it changes within ($2, $3). $1 district.
select max(day) filter (where day <= $2::date) as since, coalesce(bool_or(day > $2::date and day < $3::date), false) as changes
from map_epoch where district_id = $1::int
