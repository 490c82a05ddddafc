-- The trail, newest first. $1 district or null, $2 entity or null, $3 id of the entity or null, $4 before this id, $5 how many.
select id, jsonb_build_object('id', id, 'district', district_id, 'at', at, 'actor', actor, 'action', action, 'entity', entity,
         'entity_id', entity_id, 'reason', reason, 'before', before, 'after', after, 'request', request_id)::text as doc
from audit
where ($1::int is null or district_id = $1::int) and ($2::text is null or entity = $2::text) and ($3::text is null or entity_id = $3::text)
  and id < $4::bigint order by id desc limit $5::int
