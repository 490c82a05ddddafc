-- Enterprises as told, by id: what is said of each on its last day in [$2, $3). $1 district, $4 known at or null (now), $5 ids, as an array,
-- $6 with whole phones.
select i.id, enterprise_doc($1::int, i.id, least($3::date, upper(l.valid)) - 1, coalesce($4::timestamptz, 'infinity'), $6::boolean)::text as doc
from unnest($5::bigint[]) i (id)
join lateral (select l.valid from cell_life l where l.district_id = $1::int and l.cell_id = i.id
              and l.recorded @> coalesce($4::timestamptz, 'infinity') and l.valid && daterange($2::date, $3::date) order by l.valid desc limit 1) l on true
order by i.id
