-- A new cell. $1 district, $2 level, $3 parent or null, $4 body, $5 actor, $6 request id. Returns its id.
select cell_create($1::int, $2::smallint, $3::bigint, $4::jsonb, $5, $6) as id
