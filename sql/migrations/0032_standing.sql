-- Standing assignments beside posts: they change nothing of who is responsible for a place, so nothing that asks for holders of posts looks here.

-- 责任联系点: a leader looks after a town, a village, an enterprise or a project, apart from territorial duty.
create table contact_point (
  district_id integer not null,
  id bigint generated always as identity,
  cell_id bigint not null,
  person_id bigint not null,
  visit_days integer check (visit_days > 0),   -- to be visited at least once in so many days; null: as it comes
  external_id text,
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  constraint one_contact_point exclude using gist (district_id with =, cell_id with =, person_id with =, valid with &&) where (upper_inf(recorded))
);
create unique index contact_point_current on contact_point (district_id, id) where (upper_inf(recorded));
create unique index contact_point_external on contact_point (district_id, external_id) where (upper_inf(recorded));
create index contact_point_cell on contact_point (district_id, cell_id);
create index contact_point_person on contact_point (district_id, person_id);

-- 委托执法: a department of the district entrusts a body of a town, or of an industrial zone, with enforcement. The document states matters, powers and term and is published; it never covers what
-- follows an accident.
create table entrustment (
  district_id integer not null,
  id bigint generated always as identity,
  cell_id bigint not null,                     -- the town
  department text not null check (department <> ''),
  body text not null check (body <> ''),       -- who is entrusted
  document_no text not null check (document_no <> ''),
  published text not null check (published <> ''),   -- where it can be read
  matters text[] not null check (cardinality(matters) > 0),
  powers text[] not null check (cardinality(powers) > 0),
  limit_person_yuan numeric(12, 2) check (limit_person_yuan > 0),   -- the highest fine; null: it may not fine
  limit_unit_yuan numeric(12, 2) check (limit_unit_yuan > 0),
  valid daterange not null check (not isempty(valid) and not upper_inf(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_entrustment exclude using gist (district_id with =, cell_id with =, department with =, document_no with =, valid with &&) where (upper_inf(recorded))
);
create unique index entrustment_current on entrustment (district_id, id) where (upper_inf(recorded));
create index entrustment_cell on entrustment (district_id, cell_id);
