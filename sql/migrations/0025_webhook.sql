-- Receivers to whom the notices of a district are sent. A row that ended stays, since the trail names it.
create table webhook (
  id bigint generated always as identity primary key,
  district_id integer not null references district,
  url text not null,
  secret text not null check (length(secret) >= 16),   -- that signs what is sent
  topics text[] not null default '{}',                  -- "hazard" or "hazard.create"; none: all
  delivered_up_to bigint not null,                      -- all notices up to this one were acknowledged, or are not for it
  delivered_at timestamptz,
  failures integer not null default 0,                  -- in a row
  failing_since timestamptz,
  last_error text,
  next_at timestamptz not null default now(),           -- not tried before
  lease uuid,                                           -- of the server that is at it
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index webhook_district on webhook (district_id);
create index notice_district on notice (district_id, id);
