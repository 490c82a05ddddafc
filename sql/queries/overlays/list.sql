-- Overlays by id. $1 district, $2 in force on this day or null (all), $3 known at or null (now), $4 after, $5 how many, $6 id or null.
select o.id, jsonb_build_object('id', o.id, 'district', o.district_id, 'code', o.code, 'name', o.name, 'kind', o.kind, 'from', lower(o.valid), 'to', upper(o.valid))::text as doc
from overlay o
where o.district_id = $1::int and o.recorded @> coalesce($3::timestamptz, 'infinity') and ($2::date is null or o.valid @> $2::date) and o.id > $4::bigint and ($6::bigint is null or o.id = $6::bigint)
order by o.id limit $5::int
