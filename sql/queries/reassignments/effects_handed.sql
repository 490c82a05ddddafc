-- The same of a plan that leaves each event in its cell. $1 id, $2 cells that belong to another town then, $3 how many open hazards stand in them, $4 what it does of the
-- register, a JSON object.
select ($4::jsonb || reassignment_handed($1::uuid, $2::bigint[], $3::bigint))::text as doc
