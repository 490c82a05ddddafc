-- Imported basemaps: roads, rails, water, land and names of places, on which the page may draw its map. Nothing that places, counts or validates looks here.

-- What an owner has of a kind. An import replaces it whole.
create table basemap_layer (
  id integer generated always as identity primary key,
  district_id integer references district,       -- whose coordinators keep it; null: those of everything
  kind text not null check (kind in ('road', 'rail', 'water', 'land', 'place')),
  credit text,                                   -- whose data it is, shown with it
  synthetic boolean not null,
  digest text not null,                          -- of what was imported, so that the same twice changes nothing
  shapes bigint not null check (shapes >= 0),
  box geometry(Polygon, 4490),                   -- around them; null where there is none
  version bigint not null,                       -- the highest is that of all that is drawn
  imported_at timestamptz not null default now(),
  constraint one_basemap_layer unique nulls not distinct (district_id, kind)
);
create sequence basemap_version;

-- The shapes as they were imported.
create table basemap_shape (
  layer_id integer not null references basemap_layer,
  class text not null,
  name text,
  geom geometry(Geometry, 4490) not null
);
create index basemap_shape_layer on basemap_shape (layer_id);

-- What is drawn of them at some zooms, on the plane of tiles (basemap_draw()).
create table basemap_drawn (
  layer_id integer not null references basemap_layer,
  kind text not null,                            -- the layer of the tile
  band smallint not null,                        -- the deepest of its zooms
  class text not null,
  name text,
  geom geometry(Geometry, 3857) not null
);
create index basemap_drawn_place on basemap_drawn using gist (band, geom);
create index basemap_drawn_layer on basemap_drawn (layer_id);
