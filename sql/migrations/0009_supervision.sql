-- What supervision is measured by: how often an enterprise must be visited, which are exempt, what certificates people hold, and what
-- a hazard went through.

-- Visits that an enterprise must have, and may have at the most, by its risk grade and industry. Of the rules that fit, the district's
-- own comes first, then the one with the longer industry, then the one that names a grade.
create table visit_rule (
  id integer generated always as identity primary key,
  district_id integer references district,               -- null: where a district has no rule of its own
  kind text not null check (kind in ('inspection', 'patrol')),
  risk_grade smallint check (risk_grade between 1 and 4),  -- null: any, and enterprises without a grade
  industry text check (industry <> ''),                  -- how an industry begins, such as C26; null: any
  interval_days integer not null check (interval_days > 0),
  grace_days integer not null check (grace_days >= 0),   -- from registration to the first visit
  yearly_cap integer check (yearly_cap > 0),             -- visits in a calendar year; null: no cap
  valid daterange not null default daterange(null, null) check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  constraint one_rule exclude using gist (coalesce(district_id, 0) with =, kind with =, coalesce(risk_grade, 0) with =, coalesce(industry, '') with =, valid with &&)
    where (upper_inf(recorded))
);
-- Assumptions, for a district to replace by its own plan: the law asks for intervals by risk and leaves the days to each place.
insert into visit_rule (kind, risk_grade, interval_days, grace_days, yearly_cap) values
  ('inspection', 1, 90, 30, 6), ('inspection', 2, 180, 60, 4), ('inspection', 3, 365, 90, 2), ('inspection', 4, 730, 180, 1), ('inspection', null, 365, 90, 2),
  ('patrol', 1, 30, 30, null), ('patrol', 2, 60, 30, null), ('patrol', 3, 90, 60, null), ('patrol', 4, 180, 90, null), ('patrol', null, 90, 60, null);

-- When an enterprise need not be visited: 停产停业 with proof, out of its season.
create table exemption (
  district_id integer not null,
  id bigint generated always as identity,
  cell_id bigint not null,
  reason text not null check (reason in ('suspended', 'seasonal', 'closed')),
  proof text not null check (proof <> ''),
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_exemption exclude using gist (district_id with =, cell_id with =, valid with &&) where (upper_inf(recorded))
);
create unique index exemption_current on exemption (district_id, id) where (upper_inf(recorded));
create index exemption_cell on exemption (district_id, cell_id);

create table certificate (
  district_id integer not null,
  id bigint generated always as identity,
  person_id bigint not null,
  kind text not null check (kind in ('enforcement', 'safety_officer', 'safety_manager', 'safety_engineer')),
  number text not null check (number <> ''),
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, person_id) references person (district_id, id)
);
create unique index certificate_current on certificate (district_id, id) where (upper_inf(recorded));
create index certificate_person on certificate (district_id, person_id);

-- Which posts a chain of responsibility must have filled, and with which certificate (四级网络).
alter table post add column required boolean not null default false;
alter table post add column certificate text;
update post set required = code in ('district_head', 'town_head', 'enforcement_officer', 'safety_officer', 'safety_informant');
update post set certificate = 'enforcement' where code = 'enforcement_officer';

alter table enterprise add column lead_department text;

-- The loop 发现–登记–定级–整改–复查–销号. due_on is the deadline in force: an extension that was approved in time moves it.
alter table hazard
  add column reviewed_on date,               -- 复查 passed
  add column extensions smallint,
  add column listed_on date,                 -- 挂牌督办
  add column unlisted_on date,
  add column listed_by text check (listed_by in ('district', 'prefecture', 'province')),
  add column standard text,                  -- the clause by which it was graded, with its edition
  add column in_plan boolean,                -- in a governance plan
  add column five_in_place boolean,          -- 五到位: measures, money, deadline, person, emergency plan
  add column funds_yuan numeric(16, 2) check (funds_yuan >= 0),
  add column visit_id uuid;                  -- the inspection or patrol that found it

-- Each step of a hazard: on which day, by whom, why, and what it settled.
create table hazard_step (
  district_id integer not null,
  id bigint generated always as identity,
  hazard_id uuid not null,
  step text not null check (step in ('found', 'registered', 'graded', 'ordered', 'extended', 'rectified', 'reviewed', 'closed', 'listed', 'unlisted', 'transferred', 'reopened')),
  day date not null,
  person text not null check (person <> ''),  -- who did it, as named
  reason text,
  facts jsonb not null default '{}',          -- grade, standard, due_on, passed: what the step settled
  actor text not null,                        -- the account that entered it
  at timestamptz not null default now(),
  primary key (district_id, id),
  foreign key (district_id, hazard_id) references event_key (district_id, id)
);
create index hazard_step_hazard on hazard_step (district_id, hazard_id);

-- A joint visit is recorded by each department under one joint_id, and counts once.
alter table inspection add column department text, add column joint_id uuid;
alter table patrol add column department text, add column joint_id uuid;

-- The days of the year with more than one visit, once for each further one: a cap counts visits, not days.
alter table visit_year add column more smallint[] not null default '{}';
drop function if exists mark_visit(integer, text, bigint, date, boolean);
drop function if exists remark_visits(text, integer, jsonb);
drop function if exists year_bits(integer, date, date);
drop function if exists visited_in(integer, date, date, timestamptz);
drop function if exists enterprises_placed(integer, date, date, date, timestamptz);
drop function if exists events_list(text, integer, bigint, boolean, date, date, date, date, text, text, text, bigint, uuid, timestamptz, date, uuid, integer);

-- Weights of grades in figures, echoed by each that uses them: severity of hazards, risk of enterprises. Assumptions, like the rules.
create table figure_weight (
  id integer generated always as identity primary key,
  district_id integer references district,   -- null: where a district has none of its own
  scale text not null check (scale in ('severity', 'risk')),
  grade text not null,                       -- general, major; 1 to 4, or 0 for enterprises without a grade
  weight double precision not null check (weight >= 0),
  valid daterange not null default daterange(null, null) check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  constraint one_weight exclude using gist (coalesce(district_id, 0) with =, scale with =, grade with =, valid with &&) where (upper_inf(recorded))
);
insert into figure_weight (scale, grade, weight) values
  ('severity', 'general', 1), ('severity', 'major', 10), ('risk', '1', 4), ('risk', '2', 3), ('risk', '3', 2), ('risk', '4', 1), ('risk', '0', 2);
create index hazard_course on hazard (district_id, day) include (chain_id, closed_on, source, grade) where (upper_inf(recorded));
create index hazard_again on hazard (district_id, enterprise_id, category, day) where (upper_inf(recorded) and enterprise_id is not null);
