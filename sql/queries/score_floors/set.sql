-- Sets from when an area is ranked, from a day on. $1 district, $2 body, $3 actor, $4 request id. Returns its id.
select score_floor_set($1::int, $2::jsonb, $3, $4) as id
