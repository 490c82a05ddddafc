-- A tile of villages by PostGIS alone. One of zoom 10 to 14 over Chicago, as the bench asks ours for.
\set z random(10, 14)
\set x14 random(4192, 4209)
\set y14 random(6078, 6110)
\set x :x14 >> (14 - :z)
\set y :y14 >> (14 - :z)
select ST_AsMVT(t, 'villages', 4096, 'geom', 'id')
from (
  select c.id, k.code, n.name, n.kind, 'village' as level, ST_AsMVTGeom(ST_Transform(s.geom, 3857), e.box, 4096, 64) as geom
  from (select ST_TileEnvelope(:z, :x, :y) as box, ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4490) as near) e
  join cell_shape s on s.geom && e.near and s.valid @> date '2015-01-01' and upper_inf(s.recorded)
  join cell c on c.district_id = s.district_id and c.id = s.cell_id and c.level = 3
  join cell_name n on n.district_id = c.district_id and n.cell_id = c.id and n.valid @> date '2015-01-01' and upper_inf(n.recorded)
  join cell_code k on k.district_id = c.district_id and k.cell_id = c.id and k.valid @> date '2015-01-01' and upper_inf(k.recorded)) t
where geom is not null;
