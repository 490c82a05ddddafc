-- Folds the counts of what was imported. $1 district.
select fold($1::int)
