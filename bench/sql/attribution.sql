-- A million random points to their cells, as a set.
create temp table spot as select n::bigint as id, date '2018-01-01' as day, ST_SetSRID(ST_MakePoint(-87.95 + 0.45 * random(), 41.64 + 0.39 * random()), 4490) as point
from generate_series(1, 1000000) n;
select count(*) from cells_at((select id from district where scheme = 'chicago'));
