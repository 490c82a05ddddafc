-- The next notices for a receiver, in order. $1 its id, $2 how many.
select n.id, jsonb_build_object('id', n.id, 'district', n.district_id, 'at', n.at, 'topic', n.topic, 'payload', n.payload)::text as doc
from webhook w join notice n on n.district_id = w.district_id and n.id > w.delivered_up_to and webhook_wants(w, n)
where w.id = $1::bigint order by n.id limit $2::int
