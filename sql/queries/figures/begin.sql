-- The month in which the records of a district begin; null without any. $1 district.
select date_trunc('month', min(k.day))::date as month from event_key k where k.district_id = $1::int
