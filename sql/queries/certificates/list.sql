-- Certificates by id. $1 district, $2 person or null, $3 kind or null, $4 valid on this day or null (all), $5 that end before this day or null, $6 after,
-- $7 how many, $8 id or null.
select f.id, jsonb_build_object('id', f.id, 'district', f.district_id, 'person', f.person_id, 'person_name', p.name, 'kind', f.kind, 'number', f.number,
                                'from', lower(f.valid), 'to', upper(f.valid))::text as doc
from certificate f join person p on p.district_id = f.district_id and p.id = f.person_id
where f.district_id = $1::int and upper_inf(f.recorded) and ($2::bigint is null or f.person_id = $2::bigint) and ($3::text is null or f.kind = $3::text)
  and ($4::date is null or f.valid @> $4::date) and ($5::date is null or upper(f.valid) < $5::date) and f.id > $6::bigint and ($8::bigint is null or f.id = $8::bigint)
order by f.id limit $7::int
