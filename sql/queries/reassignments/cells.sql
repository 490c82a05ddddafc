-- The cells and enterprises that a plan which has just been carried out changes. $1 id, $2 district.
select k.id as cell_id, k.level from reassigned_cells($1::uuid) c join cell k on k.district_id = $2::int and k.id = c
