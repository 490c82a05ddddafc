-- What takes over nothing of what is counted (a target without children) is a descendant all the same; shares are of land, of children, or the whole.
alter table cell_lineage drop constraint cell_lineage_share_check, drop constraint cell_lineage_share_of_check,
  add check (share >= 0 and share <= 1), add check (share_of in ('area', 'children', 'whole'));

-- The trail is sealed: each row of it, once no transaction is left that could add one before it, gets a hash over itself and the hash before. Rows are sealed by the
-- upkeep thread, not by who writes them, so that no writer waits for another.
alter table audit add column tx xid8 not null default pg_current_xact_id();
create index audit_tx on audit (tx);
create table audit_seal (
  n bigint primary key,             -- without gaps
  audit_id bigint not null unique,
  hash bytea not null,
  below xid8 not null,              -- what had ended when it was sealed: rows of later transactions are sealed later
  at timestamptz not null default now()
);
drop function if exists cell_history(integer, bigint, boolean);
