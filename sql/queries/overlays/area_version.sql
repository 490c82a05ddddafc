-- The version of an area, for If-Match. $1 district, $2 area.
select overlay_area_version($1::int, $2::bigint) as version
