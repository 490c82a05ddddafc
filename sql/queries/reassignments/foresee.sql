-- Brings the map to the state that is foreseen for the day of a plan, to be rolled back. $1 id.
select reassignment_foresee($1::uuid)
