-- The cells of a level that a plan which has just been carried out touches. $1 id, $2 level, $3 areas that the caller reaches, as an array, or null.
select c as cell_id from reassigned_cells($1::uuid, $2::smallint, $3::bigint[]) c
