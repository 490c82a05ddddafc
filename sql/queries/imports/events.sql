-- Merges the temporary table incoming. $1 kind, $2 district, $3 actor.
select added, changed, same from events_import($1, $2::int, $3)
