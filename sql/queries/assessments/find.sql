-- An assessment by its id. $1 id, $2 areas that the caller reaches, as an array, or null (all of the district).
select district_id, $2::bigint[] is null or areas && $2::bigint[] as seen from assessment where id = $1::uuid
