-- Notes which events a plan that has just been carried out would have stand elsewhere. $1 id.
select places_foresee($1::uuid)
