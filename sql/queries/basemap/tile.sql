-- A tile of the imported basemap; null where there is nothing. $1 zoom; $2 to $5 west, south, east, north of the tile on its plane (EPSG:3857); $6 to $11 how the plane is moved: xx, xy, yx, yy, x, y (GCJ-02; else 1, 0, 0, 1, 0, 0); $12 to $15
-- west, south, east, north of what it shows, with its buffer, before it is moved.
with here as materialized (
  select d.kind, d.class, d.name, ST_AsMVTGeom(ST_Affine(d.geom, $6::float8, $7::float8, $8::float8, $9::float8, $10::float8, $11::float8), ST_SetSRID(ST_MakeBox2D(ST_Point($2::float8, $3::float8), ST_Point($4::float8, $5::float8)), 3857), 4096, 64, true) as geom
  from basemap_drawn d
  where d.band = basemap_band($1::int) and d.geom && ST_MakeEnvelope($12::float8, $13::float8, $14::float8, $15::float8, 3857))
select string_agg(t.mvt, '' order by t.n) as mvt from (
  select 1 as n, ST_AsMVT(r, 'land', 4096, 'geom') as mvt from (select class, geom from here where kind = 'land' and geom is not null) r
  union all select 2, ST_AsMVT(r, 'water', 4096, 'geom') from (select class, name, geom from here where kind = 'water' and geom is not null) r
  union all select 3, ST_AsMVT(r, 'rail', 4096, 'geom') from (select class, name, geom from here where kind = 'rail' and geom is not null) r
  union all select 4, ST_AsMVT(r, 'road', 4096, 'geom') from (select class, name, geom from here where kind = 'road' and geom is not null) r
  union all select 5, ST_AsMVT(r, 'place', 4096, 'geom') from (select class, name, geom from here where kind = 'place' and geom is not null) r) t
