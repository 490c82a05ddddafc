-- Writes an overlay. $1 district, $2 id or null (a new one), $3 body, $4 actor, $5 request id. Returns the id.
select overlay_write($1::int, $2::bigint, $3::jsonb, $4, $5) as id
