-- Entrustments by id. $1 district, $2 town or null, $3 in force on this day or null (all), $4 known at or null (now), $5 after, $6 how many, $7 id or null.
select e.id, jsonb_build_object('id', e.id, 'district', e.district_id, 'cell', e.cell_id, 'department', e.department, 'body', e.body, 'document_no', e.document_no, 'published', e.published,
                                'matters', e.matters, 'powers', e.powers, 'limit_person_yuan', e.limit_person_yuan, 'limit_unit_yuan', e.limit_unit_yuan, 'from', lower(e.valid), 'to', upper(e.valid))::text as doc
from entrustment e
where e.district_id = $1::int and e.recorded @> coalesce($4::timestamptz, 'infinity') and ($2::bigint is null or e.cell_id = $2::bigint) and ($3::date is null or e.valid @> $3::date)
  and e.id > $5::bigint and ($7::bigint is null or e.id = $7::bigint) order by e.id limit $6::int
