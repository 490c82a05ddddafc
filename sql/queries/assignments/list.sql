-- Assignments by id. $1 district, $2 cell or null, $3 person or null, $4 day or null (all days), $5 after, $6 how many, $7 cell that theirs are, or lie in on the
-- day of the map $8, or null, $9 posts, as an array, or null, $10 known at or null (now).
-- Planned with its values.
with inside as (
  select w.leaf from ways($1::int, $8::date, $8::date + 1, coalesce($10::timestamptz, 'infinity')) w where $7::bigint in (w.leaf, w.village_cell, w.town_cell, w.district_cell))
select a.id, jsonb_build_object('id', a.id, 'district', a.district_id, 'cell', a.cell_id, 'post', a.post, 'person', a.person_id,
         'person_name', p.name, 'acting', a.acting, 'from', lower(a.valid), 'to', upper(a.valid))::text as doc
from assignment a join person p on p.district_id = a.district_id and p.id = a.person_id
where a.district_id = $1::int and a.recorded @> coalesce($10::timestamptz, 'infinity') and ($2::bigint is null or a.cell_id = $2::bigint)
  and ($3::bigint is null or a.person_id = $3::bigint) and ($4::date is null or a.valid @> $4::date) and a.id > $5::bigint
  and ($9::text[] is null or a.post = any($9::text[]))
  and ($7::bigint is null or a.cell_id = $7::bigint or a.cell_id in (select leaf from inside) or exists (
    select from cell_parent e where e.district_id = a.district_id and e.cell_id = a.cell_id and e.valid @> $8::date
      and e.recorded @> coalesce($10::timestamptz, 'infinity') and e.parent_id in (select leaf from inside)))
order by a.id limit $6::int
