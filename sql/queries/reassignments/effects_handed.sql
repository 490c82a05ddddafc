-- The same of a plan that leaves each event in its cell. $1 id, $2 cells that belong to another town then, $3 what it does of the register, a JSON object.
select ($3::jsonb || reassignment_handed($1::uuid, $2::bigint[]))::text as doc
