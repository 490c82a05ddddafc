-- How the hazards went that a plan which has just been carried out would have stand elsewhere. $1 district. Days since 1970-01-01, the closing null while open; leaf 0: none.
select source, grade, found - date '1970-01-01' as found, closed - date '1970-01-01' as closed, leaf_before, leaf_after, n from replaced_courses($1::int)
