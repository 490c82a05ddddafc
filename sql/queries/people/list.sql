-- People by id. $1 district, $2 part of a name or null, $3 after, $4 how many, $5 with whole phones, $6 id or null.
select p.id, jsonb_build_object('id', p.id, 'district', p.district_id, 'external_id', p.external_id, 'name', p.name,
                                'phone', mask_phone(p.phone, $5::boolean))::text as doc
from person p
where p.district_id = $1::int and ($2::text is null or p.name ilike '%' || $2::text || '%') and p.id > $3::bigint
  and ($6::bigint is null or p.id = $6::bigint)
order by p.id limit $4::int
