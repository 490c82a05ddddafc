-- Keeps a file with an event or a plan. $1 district, $2 id, $3 event or null, $4 name, $5 media type, $6 sha256, $7 body (hex), $8 actor, $9 request id, $10 plan or null.
with kept as (
  insert into attachment (district_id, id, event_id, plan, name, media_type, sha256, body, actor)
  values ($1::int, $2::uuid, $3::uuid, $10::uuid, $4, $5, $6, decode($7, 'hex'), $8) returning id)
select trail($1::int, $8, 'create', 'attachment', id::text, null, null, jsonb_strip_nulls(jsonb_build_object('event', $3::text, 'plan', $10::text, 'name', $4::text, 'sha256', $6::text)), $9) from kept
