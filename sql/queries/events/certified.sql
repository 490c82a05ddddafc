-- Whether an account had a valid enforcement certificate on the day of an event. $1 account, $2 district, $3 event.
select coalesce(a.certified_until >= k.day, false) as certified
from account a, event_key k where a.id = $1::bigint and k.district_id = $2::int and k.id = $3::uuid
