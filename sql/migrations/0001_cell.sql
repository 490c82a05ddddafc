-- Cells: permanent identities; all that is said of one is dated. `valid` is when it held, `recorded` when it was known:
-- a correction closes the recorded range of the old row and adds a new one, nothing is deleted.
create extension if not exists postgis;
create extension if not exists btree_gist;
create extension if not exists pg_trgm;

create table district (
  id integer generated always as identity primary key,
  cell_id bigint unique,
  scheme text not null,                       -- code scheme of its cells
  time_zone text not null default 'Asia/Shanghai',
  holds_from date not null,                   -- the day from which its map holds
  synthetic boolean not null default false    -- 演示数据·合成
);

-- The versions of a district are sums over slots, so that writers at once seldom wait for one another's row.
create table district_version (
  district_id integer not null references district,
  slot smallint not null,
  map bigint not null default 0,
  data bigint not null default 0,
  primary key (district_id, slot)
);

create table cell (
  district_id integer not null references district,
  id bigint generated always as identity,
  level smallint not null check (level between 1 and 4),  -- 1 district, 2 town, 3 village, 4 enterprise
  primary key (district_id, id)
);
create index cell_id on cell (id);
create index cell_level on cell (district_id, level);
alter table district add foreign key (id, cell_id) references cell (district_id, id) deferrable initially deferred;

-- When a cell exists; for an enterprise, when it is active.
create table cell_life (
  district_id integer not null,
  cell_id bigint not null,
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_life exclude using gist (district_id with =, cell_id with =, valid with &&) where (upper_inf(recorded))
);

create table cell_code (
  district_id integer not null,
  cell_id bigint not null,
  scheme text not null,
  code text not null check (code <> ''),
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_code exclude using gist (district_id with =, cell_id with =, scheme with =, valid with &&)
    where (upper_inf(recorded)),
  constraint code_unique exclude using gist (scheme with =, code with =, valid with &&) where (upper_inf(recorded))
);
create index cell_code_lookup on cell_code (scheme, code);

create table cell_name (
  district_id integer not null,
  cell_id bigint not null,
  name text not null check (name <> ''),
  kind text not null,
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_name exclude using gist (district_id with =, cell_id with =, valid with &&) where (upper_inf(recorded))
);
create index cell_name_search on cell_name using gin (name gin_trgm_ops);

create table cell_parent (
  district_id integer not null,
  cell_id bigint not null,
  parent_id bigint not null check (parent_id <> cell_id),
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  foreign key (district_id, parent_id) references cell (district_id, id),
  constraint one_parent exclude using gist (district_id with =, cell_id with =, valid with &&) where (upper_inf(recorded))
);
create index cell_parent_children on cell_parent (district_id, parent_id);

create table cell_shape (
  district_id integer not null,
  cell_id bigint not null,
  geom geometry(MultiPolygon, 4490) not null,
  area_m2 double precision not null check (area_m2 >= 0),  -- geodesic
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_shape exclude using gist (district_id with =, cell_id with =, valid with &&) where (upper_inf(recorded))
);
create index cell_shape_geom on cell_shape using gist (geom);

create table enterprise (
  district_id integer not null,
  cell_id bigint not null,
  location geometry(Point, 4490),
  address text,
  industry text,             -- GB/T 4754, or the source's own words
  headcount integer check (headcount >= 0),
  risk_grade smallint check (risk_grade between 1 and 4),   -- 1 重大 2 较大 3 一般 4 低
  principal text,
  phone text,
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_fact exclude using gist (district_id with =, cell_id with =, valid with &&) where (upper_inf(recorded))
);

create index cell_life_cell on cell_life (district_id, cell_id);
create index cell_code_cell on cell_code (district_id, cell_id);
create index cell_name_cell on cell_name (district_id, cell_id);
create index cell_parent_cell on cell_parent (district_id, cell_id);
create index cell_shape_cell on cell_shape (district_id, cell_id);
create index enterprise_cell on enterprise (district_id, cell_id);

-- A row of an import of cells, on its way into the tables above.
create type incoming_cell_row as (
  code text, name text, kind text, parent_code text, wkb bytea, area_m2 double precision,
  valid_from date, valid_to date, facts jsonb);
