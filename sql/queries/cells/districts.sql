-- In which districts some cells lie, whenever they live. $1 ids, as an array.
select c.id, c.district_id from cell c where c.id = any($1::bigint[])
