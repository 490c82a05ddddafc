-- A new area. $1 district, $2 overlay, $3 body, $4 actor, $5 request id. Returns the id.
select overlay_area_create($1::int, $2::bigint, $3::jsonb, $4, $5) as id
