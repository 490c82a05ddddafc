-- Overlays: second partitions of a district's land beside the tree (派出所, 消防, 中队). Nothing that places events, counts, draws tiles or validates the tree looks here.

-- Each is a named set of areas that should tile the district.
create table overlay (
  district_id integer not null references district,
  id bigint generated always as identity,
  code text not null check (code <> ''),
  name text not null check (name <> ''),
  kind text not null check (kind <> ''),         -- in the office's own words, such as 派出所
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  constraint one_overlay exclude using gist (district_id with =, code with =, valid with &&) where (upper_inf(recorded))
);
create unique index overlay_current on overlay (district_id, id) where (upper_inf(recorded));

-- What is said of an area, from a day to a day. Its id is permanent.
create table overlay_area (
  district_id integer not null references district,
  id bigint generated always as identity,
  overlay_id bigint not null,
  code text not null check (code <> ''),         -- the lowest in byte order has a border that two share
  name text not null check (name <> ''),
  geom geometry(MultiPolygon, 4490) not null,
  area_m2 double precision not null check (area_m2 >= 0),  -- geodesic
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  constraint one_overlay_area exclude using gist (district_id with =, id with =, valid with &&) where (upper_inf(recorded)),
  constraint overlay_area_code exclude using gist (district_id with =, overlay_id with =, code with =, valid with &&) where (upper_inf(recorded))
);
create index overlay_area_geom on overlay_area using gist (geom);
create index overlay_area_id on overlay_area (district_id, id);

-- Who holds which post of an area. Posts of overlays are other offices' own, so they are words, and no account has rights by them.
create table overlay_holder (
  district_id integer not null,
  id bigint generated always as identity,
  area_id bigint not null,
  person_id bigint not null,
  post text not null check (post <> ''),
  acting boolean not null default false,
  external_id text,
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, person_id) references person (district_id, id),
  constraint one_overlay_holder exclude using gist (district_id with =, area_id with =, person_id with =, post with =, valid with &&) where (upper_inf(recorded))
);
create unique index overlay_holder_current on overlay_holder (district_id, id) where (upper_inf(recorded));
create unique index overlay_holder_external on overlay_holder (district_id, external_id) where (upper_inf(recorded));
create index overlay_holder_area on overlay_holder (district_id, area_id);
