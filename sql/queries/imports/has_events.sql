-- Whether a district has events. $1 district.
select exists (select from event_key where district_id = $1::int) as any
