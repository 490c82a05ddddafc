-- Accounts, what they may do where, sessions and tokens (one kind of thing), and how often a sign-in failed.
create table account (
  id bigint generated always as identity primary key,
  username text not null unique check (username <> ''),
  display_name text not null,
  password_hash text not null,
  person_id bigint,
  certified_until date,                   -- of an officer's enforcement certificate
  disabled boolean not null default false,
  failures integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null default now()
);

create table account_grant (
  account_id bigint not null references account on delete cascade,
  role text not null check (role in ('viewer', 'leader', 'coordinator', 'approver', 'officer', 'auditor', 'admin')),
  district_id integer references district,   -- null: everywhere
  cell_id bigint                             -- null: the whole district
);
create unique index account_grant_unique on account_grant (account_id, role, coalesce(district_id, 0), coalesce(cell_id, 0));

create table session (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  account_id bigint not null references account on delete cascade,
  kind text not null check (kind in ('cookie', 'bearer', 'token')),
  label text,
  csrf text,
  read_only boolean not null default false,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_account on session (account_id);
