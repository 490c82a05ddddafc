-- How key regions are ranked (docs/key-regions.md), dated like all that figures are judged by.

-- Points of a component of the score: 0 at zero_at, 100 at full_at, both of the value itself or of the mean of all areas. The weights of a
-- district's components are taken relative to their sum.
create table score_rule (
  id integer generated always as identity primary key,
  district_id integer references district,   -- null: where a district has none of its own
  component text not null,
  measure text not null,                     -- the figure that it looks at
  weight double precision not null check (weight >= 0),
  scale text not null check (scale in ('value', 'mean')),
  zero_at double precision not null,
  full_at double precision not null check (full_at > zero_at),
  valid daterange not null default daterange(null, null) check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  check ((component, measure) in (('open_hazards', 'open_hazards_per_enterprise'), ('overdue_hazards', 'overdue_hazards'), ('overdue_enterprises', 'overdue_enterprises'),
    ('coverage_gap', 'due_coverage'), ('coverage_gap', 'inspection_coverage'), ('coverage_gap', 'frequency_compliance'), ('accidents', 'accidents_per_enterprise'))),
  constraint one_score exclude using gist (coalesce(district_id, 0) with =, component with =, valid with &&) where (upper_inf(recorded))
);
-- Assumptions, for a district to replace by its own: more than half of the score is what was not done in time, so that finding much and dealing with it
-- costs little; hazards and accidents count beside the mean, as what is usual differs from place to place.
insert into score_rule (component, measure, weight, scale, zero_at, full_at) values
  ('open_hazards', 'open_hazards_per_enterprise', 25, 'mean', 0, 3),
  ('overdue_hazards', 'overdue_hazards', 20, 'value', 0, 1),
  ('overdue_enterprises', 'overdue_enterprises', 20, 'value', 0, 1),
  ('coverage_gap', 'due_coverage', 15, 'value', 0, 1),
  ('accidents', 'accidents_per_enterprise', 20, 'mean', 0, 3);

-- From when an area can be ranked at all: below a floor it is shown apart, as one of which too little is known.
create table score_floor (
  id integer generated always as identity primary key,
  district_id integer references district,   -- null: where a district has none of its own
  name text not null check (name in ('enterprises', 'inspection_coverage', 'patrol_coverage', 'look_back_days')),
  value double precision not null check (value >= 0),
  valid daterange not null default daterange(null, null) check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  check (name <> 'look_back_days' or value between 1 and 3660),
  constraint one_floor exclude using gist (coalesce(district_id, 0) with =, name with =, valid with &&) where (upper_inf(recorded))
);
insert into score_floor (name, value) values ('enterprises', 10), ('inspection_coverage', 0.1), ('look_back_days', 365);

-- Weights of accidents by grade, beside those of hazards and risks. Assumptions too.
alter table figure_weight drop constraint figure_weight_scale_check, add constraint figure_weight_scale_check check (scale in ('severity', 'risk', 'accident'));
insert into figure_weight (scale, grade, weight) values ('accident', 'ordinary', 1), ('accident', 'larger', 5), ('accident', 'serious', 20), ('accident', 'extraordinary', 50);
