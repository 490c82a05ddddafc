-- The steps of a hazard as known now, in order, the finding first: that is the hazard itself, by whom it names or else whose account recorded
-- it. $1 district, $2 id.
with one as (
  select h.* from event_key k join hazard h on h.district_id = k.district_id and h.id = k.id and h.day = k.day and upper_inf(h.recorded)
  where k.district_id = $1::int and k.id = $2::uuid and k.kind = 'hazard'),
step as (
  select 0::bigint as id, h.day, jsonb_build_object('step', 'found', 'day', h.day, 'person', coalesce(h.found_by, a.actor), 'reason', h.description, 'actor', a.actor, 'at', a.at) as doc
  from one h left join lateral (
    select u.actor, u.at from audit u where u.district_id = $1::int and u.entity = 'hazard' and u.entity_id = $2::uuid::text and u.action = 'create' order by u.id limit 1) a on true
  union all
  select s.id, s.day, jsonb_build_object('step', s.step, 'day', s.day, 'person', s.person, 'reason', s.reason, 'actor', s.actor, 'at', s.at) || s.facts
  from hazard_step s join one h on h.district_id = s.district_id and h.id = s.hazard_id)
select id, doc::text as doc from step order by (id > 0), day, id
