-- Changes a cell. $1 district, $2 cell, $3 new parent or null, $4 body, $5 actor, $6 request id. Returns whether anything differs.
select cell_change($1::int, $2::bigint, $3::bigint, $4::jsonb, $5, $6) as changed
