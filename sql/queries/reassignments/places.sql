-- Notes which events a plan that has just been carried out would have stand elsewhere. $1 id. Returns whether there can be any.
select places_foresee($1::uuid) as places
