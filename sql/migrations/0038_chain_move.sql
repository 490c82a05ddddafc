-- What stands elsewhere on other days of the map is kept as all else is, no longer read from the events: a way from where events are stamped to where the map days in `valid` see them
-- is counted like a chain, and its id is taken from the same numbers, so that tally, hazard_course, hazard_form, recurrence and tally_pending know it by chain_id.
create table chain_move (
  id integer primary key default nextval('chain_id_seq'),
  district_id integer not null references district,
  stamped bigint not null,       -- leaf; 0: unplaced
  placed bigint not null,        -- leaf; 0: unplaced
  valid daterange not null check (not isempty(valid)),
  constraint chain_move_unique unique (district_id, stamped, placed, valid)
);
alter table hazard_course drop constraint if exists hazard_course_chain_id_fkey;
alter table hazard_form drop constraint if exists hazard_form_chain_id_fkey;
drop table tally_move;
drop function if exists recount_moves(integer);
