-- Applies a plan. $1 id, $2 actor, $3 request id. Returns its problems; with errors among them it must be rolled back.
select reassignment_apply($1::uuid, $2, $3)::text as problems
