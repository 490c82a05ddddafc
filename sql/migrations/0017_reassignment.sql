-- Reassignment plans (调整方案): what is drafted, by whom it is approved, when it is carried out and who has signed for it. The plan's own rows are
-- its present state, each change of which is in the trail; what it does to cells and posts is dated as everything that is said of them.
create table reassignment (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity,    -- lists go by it
  district_id integer not null references district,
  title text not null check (title <> ''),
  reason text not null check (reason <> ''),
  document_no text,
  effective_on date not null,                 -- the first day on which it holds
  open_hazards text not null default 'move' check (open_hazards in ('move', 'stay')),   -- who follows up rectification that is under way
  open_cases text not null default 'stay' check (open_cases in ('move', 'stay')),       -- who ends what was transferred to enforcement
  status text not null default 'draft' check (status in ('draft', 'approved', 'scheduled', 'blocked', 'applied', 'reverted', 'withdrawn')),
  map_version bigint not null,                -- of the district when it was drafted, or rebased
  author_id bigint not null references account,
  author text not null,
  revision integer not null default 1,        -- what If-Match names
  areas bigint[] not null default '{}',       -- the cells that it names, and those above them on its day
  problems jsonb not null default '[]',       -- why it is blocked
  reverts uuid references reassignment,       -- the plan that it takes back
  created_at timestamptz not null default now(),
  scheduled_at timestamptz,
  applied_by text,
  applied_at timestamptz,                     -- all that it did is recorded from here
  settled_at timestamptz                      -- to here
);
create unique index reassignment_district on reassignment (district_id, seq);
create index reassignment_due on reassignment (effective_on) where (status = 'scheduled');
create index reassignment_reverts on reassignment (reverts);

create table reassignment_operation (
  plan uuid not null references reassignment,
  n integer not null,                         -- its place in the plan
  kind text not null check (kind in ('assign', 'move_cell', 'move_enterprise', 'merge', 'split', 'boundary', 'close', 'reopen', 'swap', 'restore')),
  body jsonb not null,
  was jsonb,                                  -- what it was drafted upon: holders, parent, shape
  effect jsonb,                               -- what carrying it out found and made
  state text not null default 'active' check (state in ('active', 'undone', 'aside')),  -- aside: undone, and then something else was done
  primary key (plan, n)
);

create table reassignment_approval (
  plan uuid not null references reassignment,
  account_id bigint not null references account,
  approver text not null,
  revision integer not null,                  -- that was approved
  comment text,
  at timestamptz not null default now(),
  primary key (plan, account_id)
);

-- Who hands over and who receives, and when they signed (交接, 签收).
create table reassignment_receipt (
  plan uuid not null references reassignment,
  district_id integer not null,
  person_id bigint not null,
  side text not null check (side in ('giver', 'receiver')),
  acknowledged_by text,
  acknowledged_at timestamptz,
  primary key (plan, person_id, side),
  foreign key (district_id, person_id) references person (district_id, id)
);

-- From which cells a cell came: the share of `from_cell` that `to_cell` took over on a day.
create table cell_lineage (
  district_id integer not null,
  from_cell bigint not null,
  to_cell bigint not null check (to_cell <> from_cell),
  share double precision not null check (share > 0 and share <= 1),
  share_of text not null check (share_of in ('area', 'enterprises', 'whole')),
  day date not null,
  plan uuid references reassignment,
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, from_cell) references cell (district_id, id),
  foreign key (district_id, to_cell) references cell (district_id, id)
);
create index cell_lineage_from on cell_lineage (district_id, from_cell);
create index cell_lineage_to on cell_lineage (district_id, to_cell);

-- Who ends a hazard that was open when its place changed hands and stayed with whom it was, from a day on.
create table hazard_keeper (
  district_id integer not null,
  hazard_id uuid not null,
  cell_id bigint not null,
  plan uuid not null references reassignment,
  valid daterange not null check (not isempty(valid)),
  recorded tstzrange not null default tstzrange(now(), null),
  foreign key (district_id, cell_id) references cell (district_id, id),
  constraint one_keeper exclude using gist (district_id with =, hazard_id with =, valid with &&) where (upper_inf(recorded))
);

-- Grants that a plan gave, so that they end with it.
create table reassignment_grant (
  plan uuid not null references reassignment,
  account_id bigint not null references account on delete cascade,
  role text not null,
  district_id integer not null,
  cell_id bigint not null,
  primary key (plan, account_id, role, cell_id)
);
