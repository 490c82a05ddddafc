-- Assignments by id. $1 district, $2 cell or null, $3 person or null, $4 day or null (all days), $5 after, $6 how many.
select a.id, jsonb_build_object('id', a.id, 'district', a.district_id, 'cell', a.cell_id, 'post', a.post, 'person', a.person_id,
         'person_name', p.name, 'acting', a.acting, 'from', lower(a.valid), 'to', upper(a.valid))::text as doc
from assignment a join person p on p.district_id = a.district_id and p.id = a.person_id
where a.district_id = $1::int and upper_inf(a.recorded) and ($2::bigint is null or a.cell_id = $2::bigint)
  and ($3::bigint is null or a.person_id = $3::bigint) and ($4::date is null or a.valid @> $4::date) and a.id > $5::bigint
order by a.id limit $6::int
