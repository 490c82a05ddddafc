-- Rows of the outbox of which nobody can be told, since something in them cannot be read: they are put aside, so that what comes after them is told.
create table notice_untold (
  id bigint primary key,            -- of the row
  district_id integer not null,
  at timestamptz not null,
  topic text not null,
  payload jsonb not null,
  reason text not null,             -- what PostgreSQL said
  put_aside_at timestamptz not null default now()
);
