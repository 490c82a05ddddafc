-- The hazards that a plan lets stay with whom they were. $1 id.
select 0 as id, jsonb_build_object('hazard', k.hazard_id, 'cell', k.cell_id, 'is_case', h.transferred_on is not null, 'from', lower(k.valid), 'to', upper(k.valid))::text as doc
from hazard_keeper k join event_key e on e.district_id = k.district_id and e.id = k.hazard_id
join hazard h on h.district_id = k.district_id and h.id = k.hazard_id and h.day = e.day and upper_inf(h.recorded)
where k.plan = $1::uuid and upper_inf(k.recorded) order by k.hazard_id
