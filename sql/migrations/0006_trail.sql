-- What each write did and who is told: in the same transaction as the write.
create table audit (
  id bigint generated always as identity primary key,
  district_id integer,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  entity text not null,
  entity_id text not null,
  reason text,
  before jsonb,
  after jsonb,
  request_id text
);
create index audit_entity on audit (district_id, entity, entity_id);

create table outbox (
  id bigint generated always as identity primary key,
  tx xid8 not null default pg_current_xact_id(),   -- readers take ids only below the oldest running transaction
  district_id integer,
  at timestamptz not null default now(),
  topic text not null,
  payload jsonb not null
);

create table import_run (
  id uuid primary key,
  district_id integer,
  file text not null,
  checksum text not null,
  recipe text not null,
  kind text not null,
  counts jsonb not null,
  at timestamptz not null default now(),
  actor text not null
);

create table attachment (
  district_id integer not null references district,
  id uuid not null,
  event_id uuid not null,
  name text not null,
  media_type text not null,
  sha256 text not null,
  body bytea not null,
  at timestamptz not null default now(),
  actor text not null,
  primary key (district_id, id),
  foreign key (district_id, event_id) references event_key (district_id, id)
);

create table idempotency (
  account_id bigint not null,
  key text not null,
  request_hash text not null,
  status smallint not null,
  body text not null,
  at timestamptz not null default now(),
  primary key (account_id, key)
);

create table meta (
  key text primary key,      -- 'demo' marks a demo database; 'functions' the hash of what is applied
  value text not null
);
