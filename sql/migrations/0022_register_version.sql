-- A roster (service/rosters) is what the register says of enterprises, which changes seldom, and when they were visited, which changes with each visit. `register` counts
-- the changes of anything but single events; `tx` tells which years of visits were written since a roster was read, so that only those are read again.
alter table district_version add column register bigint not null default 0;
alter table visit_year add column tx xid8 not null default pg_current_xact_id();
create index visit_year_tx on visit_year (district_id, tx);
drop function if exists version_up(integer, boolean);
