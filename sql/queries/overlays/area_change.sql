-- Changes an area from a day on. $1 district, $2 area, $3 version or *, $4 body, $5 actor, $6 request id. Returns whether anything differs now.
select overlay_area_change($1::int, $2::bigint, $3, $4::jsonb, $5, $6) as changed
