-- The cells that enterprises lay in, as days since 1970-01-01. $1 district, $2 known at or null (now), $3 cells, as an array, or null (all).
select p.cell_id, p.parent_id, lower(p.valid) - date '1970-01-01' as since, upper(p.valid) - date '1970-01-01' as until
from cell_parent p join cell c on c.district_id = p.district_id and c.id = p.cell_id and c.level = 4
where p.district_id = $1::int and p.recorded @> coalesce($2::timestamptz, 'infinity') and ($3::bigint[] is null or p.cell_id = any($3)) order by p.cell_id, lower(p.valid)
