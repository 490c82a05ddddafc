-- The files of an event. $1 district, $2 event.
select jsonb_build_object('id', id, 'event', event_id, 'name', name, 'media_type', media_type, 'sha256', sha256, 'bytes', length(body), 'at', at)::text as doc
from attachment where district_id = $1::int and event_id = $2::uuid order by at, id
