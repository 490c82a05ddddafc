-- Told otherwise now: a cell has the id that was taken for it, and a plan is carried out once when it is drafted.
drop function if exists cell_found(integer, smallint, bigint, date, jsonb, geometry);
drop function if exists operations_foresee(uuid);
drop function if exists reassignment_carry(uuid);
drop function if exists places_foresee(uuid);
drop function if exists reassignment_change(uuid, text, jsonb, text, text);

-- The ids that cells will have which an operation makes, taken when it is drafted: however often a plan is carried out to be foreseen, and once it is applied, its cells are the same.
alter table reassignment_operation add makes bigint[] not null default '{}';

update reassignment_operation o set makes = array(
  select nextval(pg_get_serial_sequence('cell', 'id')) from generate_series(1, case o.kind when 'split' then jsonb_array_length(o.body->'targets') else 1 end))
where o.kind = 'split' or o.kind = 'merge' and o.body->'into'->>'cell' is null;
