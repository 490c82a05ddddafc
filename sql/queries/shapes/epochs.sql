-- The days on which the map of a district changes. $1 district.
select day from map_epoch where district_id = $1::int order by day
