-- The cells that a plan names outside some areas. $1 id, $2 areas, as an array.
select c as cell_id from operations_outside($1::uuid, $2::bigint[]) c
