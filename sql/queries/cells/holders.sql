-- Who holds the posts of a cell on a day. $1 cell, $2 day, $3 with whole phones.
select a.post, a.acting, p.id, p.name, coalesce(mask_phone(p.phone, $3::boolean), '') as phone
from assignment a join person p on p.district_id = a.district_id and p.id = a.person_id
join post t on t.code = a.post
where a.cell_id = $1::bigint and a.valid @> $2::date and upper_inf(a.recorded) order by t.rank, a.id
