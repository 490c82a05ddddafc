-- Carries out a plan on the map that foresee.sql left, to be rolled back. $1 id. Returns what its new operations are drafted upon, and its problems.
select c.was::text as was, c.problems::text as problems from reassignment_carry($1::uuid) c
