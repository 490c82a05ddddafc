-- Exemptions by id. $1 district, $2 cell that their enterprises are, or lie in on $3, or null, $3 day of the map, $4 in force on this day or null (all), $5 after,
-- $6 how many, $7 id or null.
with inside as (
  select w.leaf from ways($1::int, $3::date, $3::date + 1, 'infinity') w where $2::bigint in (w.leaf, w.village_cell, w.town_cell, w.district_cell))
select e.id, jsonb_build_object('id', e.id, 'district', e.district_id, 'enterprise', e.cell_id, 'ground', e.ground, 'proof', e.proof, 'from', lower(e.valid),
                                'to', upper(e.valid))::text as doc
from exemption e
where e.district_id = $1::int and upper_inf(e.recorded) and ($4::date is null or e.valid @> $4::date) and e.id > $5::bigint and ($7::bigint is null or e.id = $7::bigint)
  and ($2::bigint is null or e.cell_id = $2::bigint or exists (
    select from cell_parent p where p.district_id = e.district_id and p.cell_id = e.cell_id and p.valid @> $3::date and upper_inf(p.recorded) and p.parent_id in (select leaf from inside)))
order by e.id limit $6::int
