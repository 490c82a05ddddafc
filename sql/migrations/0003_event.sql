-- Events, each partitioned by its local day. `chain_id` is the stamp: who was responsible on that day, settled once.

-- A path of the responsibility tree that some event was stamped with. All null but the district: unplaced.
create table chain (
  id integer generated always as identity primary key,
  district_id integer not null references district,
  district_cell bigint,
  town_cell bigint,
  village_cell bigint,
  leaf bigint generated always as (coalesce(village_cell, town_cell, district_cell)) stored,
  constraint chain_unique unique nulls not distinct (district_id, district_cell, town_cell, village_cell)
);

-- The one place where an event's id is unique, whatever its day.
create table event_key (
  district_id integer not null references district,
  id uuid not null,
  kind text not null check (kind in ('hazard', 'inspection', 'patrol', 'accident')),
  day date not null,
  primary key (district_id, id)
);

create table hazard (
  district_id integer not null,
  id uuid not null,
  day date not null,                     -- found on
  at timestamptz,
  enterprise_id bigint,
  location geometry(Point, 4490),
  cell_code text,
  chain_id integer not null references chain,
  rule text not null check (rule in ('enterprise', 'shape', 'code', 'unplaced')),
  external_id text,
  source text not null,
  grade text not null check (grade in ('general', 'major')),  -- the two legal grades: 一般, 重大
  category text,
  description text,
  due_on date,
  rectified_on date,
  closed_on date check (closed_on >= day),
  recorded tstzrange not null default tstzrange(now(), null)
) partition by range (day);

create table inspection (
  district_id integer not null,
  id uuid not null,
  day date not null,
  at timestamptz,
  enterprise_id bigint,
  location geometry(Point, 4490),
  cell_code text,
  chain_id integer not null references chain,
  rule text not null check (rule in ('enterprise', 'shape', 'code', 'unplaced')),
  external_id text,
  visit_kind text,
  result text not null check (result in ('completed', 'attempted')),
  outcome text,
  officer text,
  recorded tstzrange not null default tstzrange(now(), null)
) partition by range (day);

create table patrol (like inspection including all) partition by range (day);
alter table patrol add foreign key (chain_id) references chain;

create table accident (
  district_id integer not null,
  id uuid not null,
  day date not null,
  at timestamptz,
  enterprise_id bigint,
  location geometry(Point, 4490),
  cell_code text,
  chain_id integer not null references chain,
  rule text not null check (rule in ('enterprise', 'shape', 'code', 'unplaced')),
  external_id text,
  category text,
  deaths integer not null default 0 check (deaths >= 0),
  serious_injuries integer not null default 0 check (serious_injuries >= 0),
  direct_loss_yuan numeric(16, 2) not null default 0 check (direct_loss_yuan >= 0),
  recorded tstzrange not null default tstzrange(now(), null)
) partition by range (day);

do $$
declare
  t text;
  y int;
begin
  foreach t in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    execute format('create table %I partition of %I default', t || '_other', t);
    for y in 2000 .. 2039 by 5 loop
      execute format('create table %I partition of %I for values from (%L) to (%L)', t || '_' || y, t,
                     make_date(y, 1, 1), make_date(y + 5, 1, 1));
    end loop;
    execute format('create unique index %I on %I (district_id, id, day) where (upper_inf(recorded))', t || '_current', t);
    execute format('create index %I on %I (district_id, chain_id, day)', t || '_chain', t);
    execute format('create index %I on %I (district_id, enterprise_id, day)', t || '_enterprise', t);
    execute format('create index %I on %I (district_id, external_id)', t || '_external', t);
  end loop;
end $$;

-- Where an event stands on map days on which its place differs from that of its own day.
create table event_move (
  district_id integer not null,
  event_id uuid not null,
  day date not null,
  leaf bigint,                          -- null: unplaced
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  constraint one_place exclude using gist (district_id with =, event_id with =, valid with &&) where (upper_inf(recorded))
);
create index event_move_event on event_move (district_id, event_id);
