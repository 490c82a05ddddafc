-- What is written often, and what is imported: looked up by one probe each, and kept in less room.
create index chain_leaf on chain (district_id, leaf);

-- A month in which nothing happened keeps no days.
alter table tally alter column days drop not null;
-- What is counted has its series and chain from where they are checked; to check them again for each row of a tally took as long as to write it.
alter table tally drop constraint tally_series_id_fkey, drop constraint tally_chain_id_fkey;

-- A known cell, with what an import says of it from a day on.
create type known_cell_row as (cell_id bigint, day date, told incoming_cell_row);

drop function if exists cells_import_parent(integer, smallint);
drop function if exists count_in(text, integer, jsonb, integer);
drop function if exists stamp(integer, jsonb);
drop function if exists count_event(integer, text, text, text, integer, date, integer);
drop function if exists add_from(integer[], integer, integer);
drop function if exists events_place(integer);
drop function if exists events_chain(integer);
drop function if exists statistics_refresh();
drop table import_run;  -- never written: the trail keeps what was imported
