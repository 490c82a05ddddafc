-- Handovers that are not signed in time (未签收) are told to the superior.

-- Until when the receipts of a plan that was applied are to be signed: so many days after it as the district's setting of that day says (figure_weight, scale handover).
create or replace function receipts_due(r reassignment) returns timestamptz
language sql stable as $$
  select r.settled_at + (
    select w.weight from figure_weight w join district d on d.id = r.district_id
    where w.scale = 'handover' and w.grade = 'acknowledge_days' and (w.district_id = r.district_id or w.district_id is null)
      and w.valid @> (r.settled_at at time zone d.time_zone)::date and upper_inf(w.recorded) order by w.district_id nulls last limit 1) * interval '1 day'
$$;

-- Who stands above a person in what a plan hands over: the holder of the primary post of the nearest cell above his that has another holder. Of one who hands over, his are the
-- cells in which he held a post right before.
create or replace function receipt_superior(r reassignment, p_person bigint, p_side text) returns bigint
language sql stable as $$
  with recursive own as (
    select a.cell_id from assignment a join cell c on c.district_id = a.district_id and c.id = a.cell_id
    where a.district_id = r.district_id and a.person_id = p_person and a.cell_id = any(r.areas) and a.valid @> r.effective_on
      and case p_side when 'receiver' then upper_inf(a.recorded) else a.recorded @> r.applied_at - interval '1 us' end
    order by c.level desc, a.cell_id limit 1),
  up as (
    select cell_id, 0 as steps from own
    union
    select p.parent_id, u.steps + 1 from up u
    join cell_parent p on p.district_id = r.district_id and p.cell_id = u.cell_id and p.valid @> greatest(r.effective_on, r.settled_at::date) and upper_inf(p.recorded))
  select a.person_id from up u
  join assignment a on a.district_id = r.district_id and a.cell_id = u.cell_id and a.is_primary and a.person_id <> p_person and upper_inf(a.recorded)
    and a.valid @> greatest(r.effective_on, (now() at time zone (select time_zone from district where id = r.district_id))::date)
  where u.steps > 0 order by u.steps, a.id limit 1
$$;

-- Tells, once each, of those who have not signed in time: superiors are noted, a notice is written and the trail says so. Of many servers each takes what no other has. Returns how many.
create or replace function receipts_escalate() returns bigint
language plpgsql as $$
declare r reassignment; s reassignment_receipt; v_n bigint := 0;
begin
  for r in with open as materialized (select distinct t.plan from reassignment_receipt t where t.acknowledged_at is null and t.escalated_at is null),
           applied as materialized (select x.* from open join reassignment x on x.id = open.plan and x.status = 'applied')
           select * from applied x where receipts_due((select y from reassignment y where y.id = x.id)) <= now() loop
    for s in select * from reassignment_receipt t where t.plan = r.id and t.acknowledged_at is null and t.escalated_at is null for update skip locked loop
      update reassignment_receipt set escalated_at = clock_timestamp(), superior_id = receipt_superior(r, s.person_id, s.side)
      where plan = s.plan and person_id = s.person_id and side = s.side returning * into s;
      insert into outbox (district_id, topic, payload)
      values (r.district_id, 'notice.unacknowledged', jsonb_build_object('plan', r.id, 'title', r.title, 'person', s.person_id, 'side', s.side, 'superior', s.superior_id, 'due_at', receipts_due(r)));
      perform trail(r.district_id, 'server', 'escalate', 'reassignment', r.id::text, null, null, jsonb_build_object('person', s.person_id, 'side', s.side, 'superior', s.superior_id), '');
      v_n := v_n + 1;
    end loop;
  end loop;
  return v_n;
end $$;
