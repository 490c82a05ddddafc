-- The three roles of the database. The owner migrates; the app reads and writes rows and cannot alter the schema; read
-- reads. Run once for a server, by a superuser.
do $$
begin
  if not exists (select from pg_roles where rolname = 'gridward_owner') then create role gridward_owner login; end if;
  if not exists (select from pg_roles where rolname = 'gridward_app') then create role gridward_app login; end if;
  if not exists (select from pg_roles where rolname = 'gridward_read') then create role gridward_read login; end if;
end $$;
-- Nets under the server's own deadlines.
alter role gridward_app set idle_in_transaction_session_timeout = '60s';
alter role gridward_app set lock_timeout = '10s';
alter role gridward_app set statement_timeout = '30s';  -- imports lift it for their transaction
alter role gridward_app set max_parallel_workers_per_gather = 0;
alter role gridward_app set jit = off;
