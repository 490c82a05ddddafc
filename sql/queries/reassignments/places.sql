-- Whether a plan that has just been carried out may let events stand elsewhere.
select events_placed() as places
