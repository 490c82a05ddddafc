-- People, posts, and who holds which post of which cell from day to day.
create table person (
  district_id integer not null references district,
  id bigint generated always as identity,
  external_id text,
  name text not null check (name <> ''),
  phone text,
  recorded tstzrange not null default tstzrange(now(), null),
  primary key (district_id, id)
);
create unique index person_external on person (district_id, external_id);

-- Post types, fixed per level. A primary post has one holder at any instant.
create table post (
  code text primary key,
  level smallint not null,
  name_zh text not null,
  name_en text not null,
  is_primary boolean not null,
  rank smallint not null
);
insert into post values
  ('district_head', 1, '区级第一责任人', 'head of the district', true, 1),
  ('district_supervisor', 1, '区级监管人员', 'district supervisor', false, 2),
  ('town_head', 2, '街镇第一责任人', 'head of the town', true, 1),
  ('enforcement_officer', 2, '安全执法人员', 'enforcement officer', false, 2),
  ('safety_officer', 3, '安全员', 'safety officer', true, 1),
  ('safety_informant', 4, '安全信息员', 'safety informant', true, 1);

create table assignment (
  district_id integer not null,
  id bigint generated always as identity,
  cell_id bigint not null,
  post text not null references post,
  is_primary boolean not null,
  person_id bigint not null,
  acting boolean not null default false,
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  primary key (district_id, id),
  foreign key (district_id, cell_id) references cell (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  constraint one_holder exclude using gist (district_id with =, cell_id with =, post with =, valid with &&)
    where (upper_inf(recorded) and is_primary)
);
create index assignment_cell on assignment (district_id, cell_id);
create index assignment_person on assignment (district_id, person_id);
