-- What the events count for that a plan which has just been carried out would have stand elsewhere. $1 district, $2 by what came again too. Days since 1970-01-01; leaf 0: none.
select kind, source, grade, day - date '1970-01-01' as day, leaf_before, leaf_after, n from replaced_counts($1::int, $2::boolean)
