-- Adds the steps of hazards in the temporary table incoming. $1 district, $2 actor.
select added, changed, same from steps_import($1::int, $2)
