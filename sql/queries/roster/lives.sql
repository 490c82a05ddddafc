-- When the enterprises of a district were active, as days since 1970-01-01, the end null while open. $1 district, $2 known at or null (now), $3 cells, as an array, or null (all).
select l.cell_id, lower(l.valid) - date '1970-01-01' as since, upper(l.valid) - date '1970-01-01' as until
from cell_life l join cell c on c.district_id = l.district_id and c.id = l.cell_id and c.level = 4
where l.district_id = $1::int and l.recorded @> coalesce($2::timestamptz, 'infinity') and ($3::bigint[] is null or l.cell_id = any($3)) order by l.cell_id, lower(l.valid)
