-- The posts that are held in a district on a day: how many hold each post of a cell, and whether one of them has the certificate that it
-- needs. $1 district, $2 day, $3 known at or null (now).
select a.cell_id, a.post, count(distinct a.person_id) as people,
       bool_or(t.certificate is null or exists (
         select from certificate f where f.district_id = a.district_id and f.person_id = a.person_id and f.kind = t.certificate and f.valid @> $2::date
           and f.recorded @> coalesce($3::timestamptz, 'infinity'))) as qualified
from assignment a join post t on t.code = a.post
where a.district_id = $1::int and a.valid @> $2::date and a.recorded @> coalesce($3::timestamptz, 'infinity') group by 1, 2
