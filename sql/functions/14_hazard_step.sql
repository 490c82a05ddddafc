-- The loop 发现–登记–定级–整改–复查–销号: each step is a row of hazard_step and changes the hazard as a dated correction, in one transaction.

-- What a step must settle, and what it may settle beside.
create or replace function hazard_step_facts(p_step text, out needs text[], out may text[]) language sql immutable as $$
  select case p_step when 'graded' then '{grade,standard}'::text[] when 'ordered' then '{due_on}' when 'extended' then '{due_on}' when 'reviewed' then '{passed}'
                     when 'listed' then '{listed_by}' when 'transferred' then '{transferred_to}' else '{}' end,
         case p_step when 'ordered' then '{in_plan,five_in_place,funds_yuan}'::text[] when 'rectified' then '{five_in_place,funds_yuan}'
                     when 'listed' then '{in_plan,five_in_place}' else '{}' end
$$;

-- Why a step of its course may not be taken on what is known of a hazard, and what to do; null when it may.
create or replace function hazard_course_refusal(h hazard, p_body jsonb) returns text language sql stable as $$
  select case p_body->>'step'
    when 'registered' then case
      when h.registered_on is not null then format('It was registered on %s.', h.registered_on)
      when h.graded_on is not null or h.ordered_on is not null or h.rectified_on is not null then 'It is past its registration (登记): correct registered_on, if it was left out.' end
    when 'graded' then case
      when h.rectified_on is not null then format('It was rectified on %s: it is graded (定级) before that, or after a review that failed.', h.rectified_on)
      when h.listed_on is not null and h.unlisted_on is null and p_body->>'grade' <> 'major' then 'It is listed (挂牌督办): enter unlisted before it becomes a general one.' end
    when 'ordered' then case
      when h.rectified_on is not null then format('It was rectified on %s already.', h.rectified_on)
      when h.ordered_on is not null or h.due_on <> (p_body->>'due_on')::date then format('It has the deadline %s: move it with an extension (extended).', h.due_on)
      when h.grade = 'major' and h.standard is null then 'Enter graded first: rectification of a major hazard is ordered by the clause of its standard.'
      when (p_body->>'due_on')::date < (p_body->>'day')::date then 'due_on must not be before the day of the order.' end
    when 'rectified' then case
      when h.rectified_on is not null then format('It was rectified on %s: enter reviewed next.', h.rectified_on)
      when h.grade = 'major' and h.due_on is null then 'Enter ordered first: a major hazard is rectified by a deadline.' end
    when 'reviewed' then case
      when h.rectified_on is null then 'There is nothing to review (复查) yet: enter rectified first.'
      when h.reviewed_on is not null then format('It passed its review on %s.', h.reviewed_on) end
    when 'closed' then case
      when h.rectified_on is null then 'Enter rectified first: nothing is closed (销号) before it is rectified.'
      when h.grade = 'major' and h.reviewed_on is null then 'Enter reviewed with passed: true first: a major hazard is closed (销号) after a review that it passed.' end
  end
$$;

-- The same for what is decided about it. p_today: the local day on which the step is entered.
create or replace function hazard_decision_refusal(h hazard, p_body jsonb, p_today date) returns text language sql stable as $$
  select case p_body->>'step'
    when 'extended' then case
      when h.due_on is null then 'It has no deadline: enter ordered first, with due_on.'
      when h.rectified_on is not null then format('It was rectified on %s: there is no deadline left to move.', h.rectified_on)
      when greatest((p_body->>'day')::date, p_today) > h.due_on then format('The deadline in force was %s: an extension must be entered on it or before.', h.due_on)
      when (p_body->>'due_on')::date <= h.due_on then format('due_on must be later than the deadline in force (%s).', h.due_on) end
    when 'listed' then case
      when h.grade <> 'major' then 'Only a major hazard is listed (挂牌督办): enter graded first.'
      when h.listed_on is not null and h.unlisted_on is null then format('It is listed since %s.', h.listed_on) end
    when 'unlisted' then case when h.listed_on is null or h.unlisted_on is not null then 'It is not listed: enter listed first.' end
    when 'transferred' then case
      when h.transferred_on is not null then format('It was transferred to %s on %s.', h.transferred_to, h.transferred_on)
      when h.rectified_on is not null then format('It was rectified on %s: nothing is left to transfer.', h.rectified_on) end
    when 'reopened' then case when h.closed_on is null then 'It is open: there is nothing to reopen.' end
  end
$$;

-- What a step changes of a hazard.
create or replace function hazard_step_patch(h hazard, p_body jsonb) returns jsonb language sql immutable as $$
  select case p_body->>'step'
      when 'extended' then jsonb_build_object('extensions', coalesce(h.extensions, 0) + 1)
      when 'reviewed' then case when (p_body->>'passed')::boolean then jsonb_build_object('reviewed_on', p_body->'day') else '{"rectified_on": null}' end
      when 'listed' then jsonb_build_object('listed_on', p_body->'day', 'unlisted_on', null)
      when 'reopened' then '{"rectified_on": null, "reviewed_on": null, "closed_on": null}'
      else jsonb_build_object(p_body->>'step' || '_on', p_body->'day') end
    || (p_body - '{step,day,person,reason,passed}'::text[])
$$;

-- The last day on which something is known to have happened to a hazard.
create or replace function hazard_last_day(h hazard) returns date language sql stable as $$
  select greatest(h.day, h.registered_on, h.graded_on, h.ordered_on, h.rectified_on, h.reviewed_on, h.closed_on, h.listed_on, h.unlisted_on, h.transferred_on, max(s.day))
  from hazard_step s where s.district_id = h.district_id and s.hazard_id = h.id and s.step <> 'corrected'
$$;

-- The hazard as known now, for a change: others wait.
create or replace function hazard_claim(p_district integer, p_id uuid) returns hazard
language plpgsql as $$
declare v_day date; h hazard;
begin
  select day into v_day from event_key where district_id = p_district and id = p_id and kind = 'hazard' for update;
  select * into h from hazard where district_id = p_district and id = p_id and day = v_day and upper_inf(recorded);
  if h.id is null then raise exception 'There is no such hazard.' using errcode = 'GR404'; end if;
  return h;
end $$;

-- Takes a step of a hazard that is of version p_version ('*': any).
create or replace function hazard_step_take(p_district integer, p_id uuid, p_version text, p_body jsonb, p_actor text, p_request text) returns void
language plpgsql as $$
declare
  h hazard := hazard_claim(p_district, p_id); f record := hazard_step_facts(p_body->>'step'); v_given jsonb := p_body - '{step,day,person,reason}'::text[];
  v_today date := (select now() at time zone time_zone from district where id = p_district)::date; v_last date := hazard_last_day(h); v_refusal text;
begin
  if p_version not in ('*', version_of(h.recorded)) then
    raise exception 'It was changed in the meantime: read it again, then decide.' using errcode = 'GR412';
  end if;
  if not v_given ?& f.needs then
    raise exception '% needs %.', p_body->>'step', array_to_string(f.needs, ' and ') using errcode = 'GR422';
  elsif v_given - (f.needs || f.may) <> '{}' then
    raise exception '% does not settle %: leave that out.', p_body->>'step', (select string_agg(k, ', ') from jsonb_object_keys(v_given - (f.needs || f.may)) k) using errcode = 'GR422';
  elsif (p_body->>'day')::date > v_today then
    raise exception 'A step cannot have been taken on %, which is still to come.', p_body->>'day' using errcode = 'GR422';
  elsif (p_body->>'day')::date < v_last then
    raise exception 'The step before was on %: this one cannot have been before it.', v_last using errcode = 'GR422';
  end if;
  v_refusal := case when h.closed_on is not null and p_body->>'step' not in ('unlisted', 'reopened') then format('It was closed on %s: enter reopened first, if that was unfounded.', h.closed_on)
                    else coalesce(hazard_course_refusal(h, p_body), hazard_decision_refusal(h, p_body, v_today)) end;
  if v_refusal is not null then raise exception '%', v_refusal using errcode = 'GR422'; end if;
  perform event_correct('hazard', p_district, p_id, p_version, hazard_step_patch(h, p_body), p_actor, p_body->>'reason', p_request);
  insert into hazard_step (district_id, hazard_id, step, day, person, reason, facts, actor)
  values (p_district, p_id, p_body->>'step', (p_body->>'day')::date, p_body->>'person', p_body->>'reason',
          v_given || case p_body->>'step' when 'extended' then jsonb_build_object('due_before', h.due_on) else '{}' end, p_actor);
end $$;

-- Corrects a hazard. What that changes of its course is noted among its steps, so that they still account for it.
create or replace function hazard_correct(p_district integer, p_id uuid, p_version text, p_patch jsonb, p_actor text, p_reason text, p_request text) returns void
language plpgsql as $$
declare v_old jsonb := to_jsonb(hazard_claim(p_district, p_id)); v_new jsonb; v_changes jsonb;
begin
  perform event_correct('hazard', p_district, p_id, p_version, p_patch, p_actor, p_reason, p_request);
  v_new := to_jsonb(hazard_claim(p_district, p_id));
  select jsonb_object_agg(k, jsonb_build_object('from', v_old->k, 'to', v_new->k)) into v_changes
  from unnest('{day,registered_on,grade,standard,graded_on,due_on,ordered_on,extensions,rectified_on,reviewed_on,closed_on,listed_on,unlisted_on,listed_by,transferred_on,transferred_to}'::text[]) k
  where v_old->k is distinct from v_new->k;
  if v_changes is null then return; end if;
  insert into hazard_step (district_id, hazard_id, step, day, person, reason, facts, actor)
  select p_district, p_id, 'corrected', (now() at time zone d.time_zone)::date, p_actor, p_reason, jsonb_build_object('changes', v_changes), p_actor
  from district d where d.id = p_district;
end $$;
