-- Carries out a plan on the map that foresee.sql left, to be rolled back. $1 id. Returns its problems.
select reassignment_carry($1::uuid)::text as problems
