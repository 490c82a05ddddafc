-- Merges the areas of overlays in the temporary table incoming. $1 district, $2 day from which changes hold.
select added, changed, same from overlay_areas_import($1::int, $2::date)
