-- A tile of hazards by PostGIS alone, of zoom 14 to 16 and a year.
\set d random(0, 700)
\set z random(14, 16)
\set x16 random(16768, 16839)
\set y16 random(24312, 24443)
\set x :x16 >> (16 - :z)
\set y :y16 >> (16 - :z)
select ST_AsMVT(t, 'hazards', 4096, 'geom')
from (
  select e.id::text as id, e.day::text as day, e.source, e.grade, e.category, e.closed_on is null or e.closed_on >= date '2013-01-01' + (:d)::int as open, 1 as n,
         ST_AsMVTGeom(ST_Transform(e.location, 3857), b.box, 4096, 64) as geom
  from (select ST_TileEnvelope(:z, :x, :y) as box, ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4490) as near) b
  join hazard e on e.location && b.near and e.day >= date '2012-01-01' + (:d)::int and e.day < date '2013-01-01' + (:d)::int and upper_inf(e.recorded)
  where e.district_id = (select id from district where scheme = 'chicago')) t
where geom is not null;
