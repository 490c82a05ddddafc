-- Enterprises of a day by id. $1 district, $2 cell or null (at any level above), $3 day, $4 part of a name or code, or null, $5 industry
-- or null, $6 risk grade or null, $7 after, $8 how many, $9 with whole phones, $10 known at or null.
with inside as (
  select w.leaf from ways($1::int, $3::date, $3::date + 1, coalesce($10::timestamptz, 'infinity')) w
  where $2::bigint in (w.leaf, w.village_cell, w.town_cell, w.district_cell))
select e.cell_id as id, enterprise_doc($1::int, e.cell_id, $3::date, coalesce($10::timestamptz, 'infinity'), $9::boolean)::text as doc
from enterprise e
left join cell_parent p on p.district_id = e.district_id and p.cell_id = e.cell_id and p.valid @> $3::date
  and p.recorded @> coalesce($10::timestamptz, 'infinity')
where e.district_id = $1::int and e.valid @> $3::date and e.recorded @> coalesce($10::timestamptz, 'infinity')
  and ($2::bigint is null or e.cell_id = $2::bigint or p.parent_id in (select leaf from inside))
  and ($4::text is null or exists (select from cell_name n where n.district_id = e.district_id and n.cell_id = e.cell_id and n.valid @> $3::date
         and upper_inf(n.recorded) and n.name ilike '%' || $4::text || '%')
       or exists (select from cell_code k where k.district_id = e.district_id and k.cell_id = e.cell_id and k.code = $4::text and upper_inf(k.recorded)))
  and ($5::text is null or e.industry = $5::text) and ($6::int is null or e.risk_grade = $6::int) and e.cell_id > $7::bigint
order by e.cell_id limit $8::int
