-- A plan by its id: whose, and what it touches. $1 id, $2 areas that the caller reaches, as an array, or null (all of the district).
select district_id, status, $2::bigint[] is null or areas && $2::bigint[] as seen from reassignment where id = $1::uuid
