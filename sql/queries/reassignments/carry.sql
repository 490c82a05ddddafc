-- Carries out a plan on the map that is foreseen for its day, to be rolled back. $1 id. Returns its problems.
select reassignment_carry($1::uuid, true)::text as problems
