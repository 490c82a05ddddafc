-- The cells and enterprises that a plan which has just been carried out changes. $1 id.
select c as cell_id from reassigned_cells($1::uuid) c
