-- What is told of writes. The outbox is what waits to be told: each write leaves its rows there in its own transaction. They are taken out of it, numbered one after the
-- other as their transactions end, and kept here for some time, so that whoever has heard of one number has been told of all below it.
create table notice (
  id bigint primary key,             -- 1, 2, 3 … by who holds the row of notice_head, not by a sequence: no smaller one comes later
  district_id integer not null,
  at timestamptz not null,           -- of the write
  topic text not null,
  payload jsonb not null,
  areas bigint[],                    -- the cells in which it lies, and those above them; null: it is of the district at large
  account_id bigint                  -- whom alone it is for
);

create table notice_head (
  single boolean primary key default true check (single),
  id bigint not null default 0,      -- of the last notice
  kept_after bigint not null default 0   -- notices up to this one are no longer kept
);
insert into notice_head default values;

-- Rows come and go; without this the dead ones would wait for a fifth of a large table.
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
