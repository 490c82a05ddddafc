-- The open hazards that a plan which has just been carried out would have stand elsewhere. $1 district, $2 day. Leaf 0: none.
select leaf_before, leaf_after, n from replaced_open($1::int, $2::date)
