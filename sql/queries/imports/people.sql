-- Merges the people in the temporary table incoming. $1 district.
select added, changed, same from people_import($1::int)
