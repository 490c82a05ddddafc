-- The days on which the map of a district changes for events: read for every event that is written, so kept.
create table map_epoch (
  district_id integer not null references district,
  day date not null,
  primary key (district_id, day)
);
create index hazard_location on hazard using gist (location);
create index inspection_location on inspection using gist (location);
create index enterprise_location on enterprise using gist (location);
create index event_key_day on event_key (district_id, day);
