-- The files of an event or of a plan. $1 district, $2 event or null, $3 plan or null.
select jsonb_build_object('id', id, 'event', event_id, 'plan', plan, 'name', name, 'media_type', media_type, 'sha256', sha256, 'bytes', length(body), 'at', at)::text as doc
from attachment where district_id = $1::int and (event_id = $2::uuid or plan = $3::uuid) order by at, id
