-- Notices in their order. $1 after this one, $2 how many.
select id, district_id, coalesce(account_id, 0) as account_id, topic, areas is null as at_large, coalesce(array_to_string(areas, ','), '') as areas,
       jsonb_build_object('id', id, 'district', district_id, 'at', at, 'topic', topic, 'payload', payload)::text as doc
from notice where id > $1::bigint order by id limit $2::int
