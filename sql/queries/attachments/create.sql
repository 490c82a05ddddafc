-- Keeps a file with an event. $1 district, $2 id, $3 event, $4 name, $5 media type, $6 sha256, $7 body (hex), $8 actor, $9 request id.
with kept as (
  insert into attachment (district_id, id, event_id, name, media_type, sha256, body, actor)
  values ($1::int, $2::uuid, $3::uuid, $4, $5, $6, decode($7, 'hex'), $8) returning id)
select trail($1::int, $8, 'create', 'attachment', id::text, null, null, jsonb_build_object('event', $3, 'name', $4, 'sha256', $6), $9) from kept
