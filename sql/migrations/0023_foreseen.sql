-- What is foreseen of a plan is not written: functions with other parameters take the place of these.
drop function if exists reassignment_carry(uuid, boolean);
drop function if exists reassigned_cells(uuid, smallint, bigint[]);
