-- Whether an account had a valid enforcement certificate on the day of an event. An account that is a person's has what the register says of that person in the
-- event's district, and nothing else; of one that is nobody's, the account itself says until when. $1 account, $2 district, $3 event.
select case when a.person_id is null then coalesce(a.certified_until >= k.day, false)
            else exists (select from certificate f where f.district_id = k.district_id and f.person_id = a.person_id and f.kind = 'enforcement'
                           and f.valid @> k.day and upper_inf(f.recorded)) end as certified
from account a, event_key k where a.id = $1::bigint and k.district_id = $2::int and k.id = $3::uuid
