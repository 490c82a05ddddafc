-- Writes a contact point. $1 district, $2 id or null (a new one), $3 cell, $4 body, $5 actor, $6 request id. Returns the id.
select contact_point_write($1::int, $2::bigint, $3::bigint, $4::jsonb, $5, $6) as id
