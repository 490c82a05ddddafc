-- A file and its event or plan. $1 id.
select a.district_id, a.event_id, a.plan, k.kind, a.name, a.media_type, a.body
from attachment a left join event_key k on k.district_id = a.district_id and k.id = a.event_id where a.id = $1::uuid
