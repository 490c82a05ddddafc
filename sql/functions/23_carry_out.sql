-- Carrying out reassignment plans. One mechanism serves drafting, validation, comparison and application: the operations are carried out in the dated store, in their
-- order, and only an application that met no problem is kept; all else is rolled back.

-- Lets nobody else foresee or change the map of a district until the end of the transaction; whoever records events is not held up.
create or replace function map_foreseen(p_district integer) returns void
language sql as $$ select pg_advisory_xact_lock(7103, p_district) $$;

-- What stands in the way of something, as a problem is told.
create or replace function problem(p_n integer, p_kind text, p_severity text, p_cell bigint, p_message text) returns jsonb language sql immutable as $$
  select jsonb_build_object('operation', p_n, 'kind', p_kind, 'severity', p_severity, 'cell', p_cell, 'message', p_message)
$$;

-- Carries out the operations of a plan in their order. Returns what each was drafted upon where that is not known yet ({n: was}), and the problems: operations that are
-- refused, and those whose ground has changed since they were drafted.
create or replace function operations_carry(r reassignment, out was jsonb, out problems jsonb)
language plpgsql as $$
declare o reassignment_operation; v_now jsonb; v_state text; v_message text;
begin
  was := '{}'; problems := '[]';
  for o in select * from reassignment_operation where plan = r.id and state = 'active' order by n loop
    begin
      if o.kind <> 'restore' then
        v_now := operation_was(r.district_id, r.effective_on, o.kind, o.body);
        if o.was is null then was := was || jsonb_build_object(o.n::text, v_now);
        elsif o.was <> v_now then
          problems := problems || (problem(o.n, 'conflict', 'error', operation_cell(o.body), 'Somebody else has changed what this was drafted upon: rebase the plan, and look at it again.')
                                   || jsonb_build_object('was', o.was, 'now', v_now));
        end if;
      end if;
      perform operation_carry(r.district_id, r.id, o.n, r.effective_on, o.kind, o.body);
    exception when others then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
      if v_state not like 'GR%' and v_state not like '23%' then raise; end if;
      problems := problems || problem(o.n, 'refused', 'error', operation_cell(o.body), case v_state
        when '23P01' then 'This overlaps in time with what is already there.' when '23505' then 'This already exists.' else v_message end);
    end;
  end loop;
end $$;

create or replace function operation_cell(p_body jsonb) returns bigint language sql immutable as $$
  select case when p_body->>'cell' ~ '^[0-9]{1,18}$' then (p_body->>'cell')::bigint end
$$;

-- Carries out the plans that are scheduled up to the day of another and come before it. One that is refused then is left out: it will be blocked.
create or replace function scheduled_carry(r reassignment) returns void
language plpgsql as $$
declare s reassignment;
begin
  for s in select * from reassignment where district_id = r.district_id and status = 'scheduled' and id <> r.id and effective_on <= r.effective_on
             and (r.status <> 'scheduled' or (effective_on, scheduled_at) < (r.effective_on, r.scheduled_at)) order by effective_on, scheduled_at loop
    begin
      if jsonb_array_length((operations_carry(s)).problems) > 0 then raise exception 'left out' using errcode = 'GR001'; end if;
    exception when sqlstate 'GR001' then null;
    end;
  end loop;
end $$;

-- Puts operations into a plan, behind those that are there. What was undone and not done again steps aside. What they are drafted upon is found after it: see operations_drafted().
create or replace function operations_put(p_id uuid, p_bodies jsonb) returns void
language plpgsql as $$
declare r reassignment;
begin
  select * into r from reassignment where id = p_id;
  update reassignment_operation set state = 'aside' where plan = p_id and state = 'undone';
  insert into reassignment_operation (plan, n, kind, body, makes)
  select p_id, (select coalesce(max(n), 0) from reassignment_operation where plan = p_id) + b.i, b.body->>'kind', operation_settle(r.district_id, r.effective_on, b.body - 'kind'), operation_ids(b.body->>'kind', b.body)
  from jsonb_array_elements(p_bodies) with ordinality b (body, i);
end $$;

-- Notes what the operations of a plan that were added are drafted upon, as carrying the plan out found it (reassignment_carry()) before that was rolled back; fails where one
-- cannot be carried out.
create or replace function operations_drafted(p_id uuid, p_was jsonb, p_problems jsonb) returns void
language plpgsql as $$
declare v_first jsonb;
begin
  select p into v_first from jsonb_array_elements(p_problems) p where p->>'kind' = 'refused' limit 1;
  if v_first is not null then raise exception 'Operation %: %', v_first->>'operation', v_first->>'message' using errcode = 'GR422'; end if;
  update reassignment_operation o set was = p_was->(o.n::text) where o.plan = p_id and p_was ? o.n::text;
end $$;

-- What has changed below the operations of a plan since they were drafted.
create or replace function operations_conflicts(p_id uuid) returns jsonb
language plpgsql as $$
declare r reassignment; v_seen jsonb;
begin
  select * into r from reassignment where id = p_id;
  perform map_foreseen(r.district_id);
  begin
    perform reassigned_begin();
    perform scheduled_carry(r);
    raise exception using errcode = 'GR000', message = 'seen', detail = (select c.problems::text from operations_carry(r) c);
  exception when sqlstate 'GR000' then
    get stacked diagnostics v_seen = pg_exception_detail;
  end;
  return (select coalesce(jsonb_agg(p), '[]') from jsonb_array_elements(v_seen) p where p->>'kind' = 'conflict');
end $$;

-- Brings the map to the state that is foreseen for the day of a plan, with the plans that are scheduled before it: for what is rolled back.
create or replace function reassignment_foresee(p_id uuid) returns void
language plpgsql as $$
declare r reassignment;
begin
  select * into r from reassignment where id = p_id;
  perform map_foreseen(r.district_id);
  update reassignment set applied_at = clock_timestamp() where id = p_id;
  perform reassigned_begin();
  perform scheduled_carry(r);
end $$;

-- Carries out the operations of a plan. Returns what those are drafted upon of which it is not known yet ({n: was}), and its problems; where there are errors among them the
-- transaction must be rolled back.
create or replace function reassignment_carry(p_id uuid, out was jsonb, out problems jsonb)
language plpgsql as $$
declare r reassignment;
begin
  select * into r from reassignment where id = p_id;
  select c.was, c.problems into was, problems from operations_carry(r) c;
  perform areas_settle(r.district_id);
  if jsonb_array_length(problems) = 0 then problems := reassignment_check(r); end if;
end $$;

-- Whether a plan that has been carried out may let events stand in another cell.
create or replace function events_placed() returns boolean
language plpgsql stable as $$
begin
  return exists (select from reassigned where what in ('land', 'enterprise'));
end $$;

-- Notes in the temporary table replaced which events would stand in another cell on the day of a plan that has been carried out.
create or replace function places_foresee(p_id uuid) returns void
language plpgsql as $$
declare r reassignment; v_cells bigint[]; k text;
begin
  select * into r from reassignment where id = p_id;
  select array_agg(distinct cell_id) into v_cells from reassigned where what in ('land', 'enterprise');
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    perform events_touched(k, r.district_id, v_cells);
    if exists (select from touched) then perform events_foresee(k, r.district_id, r.effective_on); end if;
    drop table touched;
  end loop;
end $$;

-- Brings up to date what follows from what the table reassigned notes: days of the map, places and stamps of events.
create or replace function reassigned_settle(p_district integer) returns void
language plpgsql as $$
declare v_land bigint[]; v_way bigint[]; v_enterprises bigint[]; v_day date; k text;
begin
  select array_agg(distinct cell_id) filter (where what = 'land'), array_agg(distinct cell_id) filter (where what = 'way'),
         array_agg(distinct cell_id) filter (where what = 'enterprise'), min(day) into v_land, v_way, v_enterprises, v_day from reassigned;
  if v_land is not null or v_way is not null then perform map_epochs_refresh(p_district); end if;
  if v_land is not null or v_enterprises is not null then
    foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
      perform events_touched(k, p_district, coalesce(v_land, '{}') || coalesce(v_enterprises, '{}'));
      if exists (select from touched) then perform events_replace(k, p_district); end if;
      drop table touched;
    end loop;
  end if;
  if v_way is not null then perform chains_refresh(p_district, v_way, v_day); end if;
end $$;

-- Cells whose ground lies in another town after a plan that has just been carried out, with that town, by the operation that has it so: a village that moves, or is merged
-- into one of another town; what a new border brings; towns that begin.
create or replace function ground_passed(r reassignment) returns table (n integer, cell_id bigint, town bigint) language sql stable as $$
  with done as (select o.n, o.kind, o.body, o.effect, o.was from reassignment_operation o where o.plan = r.id and o.state = 'active'),
  hit as (
    select d.n, c.id, null::bigint as from_town from done d cross join lateral unnest(operation_cells(d.body)) c (id) where d.kind in ('move_cell', 'swap') and d.body->>'post' is null
    union all
    select d.n, (d.effect->>'into')::bigint, (w.value->>'parent')::bigint from done d cross join lateral jsonb_each(d.was) w where d.kind = 'merge'
    union all
    select d.n, t::bigint, null from done d cross join lateral jsonb_array_elements_text(d.effect->'targets') t where d.kind = 'split'
    union all
    select d.n, (l->>'to')::bigint, parent_on(r.district_id, (l->>'from')::bigint, r.effective_on) from done d cross join lateral jsonb_array_elements(d.effect->'land') l where d.kind = 'boundary')
  select distinct h.n, c.id, case c.level when 2 then c.id else p.parent_id end
  from hit h join done d on d.n = h.n join cell c on c.district_id = r.district_id and c.id = h.id and c.level in (2, 3)
  left join cell_parent p on p.district_id = c.district_id and p.cell_id = c.id and p.valid @> r.effective_on and upper_inf(p.recorded)
  where case when c.level = 3 then d.kind in ('move_cell', 'swap') or h.from_town is distinct from p.parent_id and d.kind <> 'split' else d.kind in ('merge', 'split') end
$$;

-- What is wrong on the map that a plan leaves, with what it touched.
create or replace function reassignment_check(r reassignment) returns jsonb
language sql stable as $$
  with given as (
    select o.n, o.body, operation_cell(o.body) as cell_id, t as post, (o.body->>'person')::bigint as person_id
    from reassignment_operation o join post t on t.code = o.body->>'post' where o.plan = r.id and o.state = 'active' and o.kind = 'assign'),
  found as (
    -- Who is given a post has the certificate that it needs, through the term (E.2).
    select problem(g.n, 'not_certified', 'error', g.cell_id, format('Person %s has no %s certificate on %s.', g.person_id, (g.post).certificate, r.effective_on)) as p
    from given g where g.person_id is not null and (g.post).certificate is not null and not exists (
      select from certificate c where c.district_id = r.district_id and c.person_id = g.person_id and c.kind = (g.post).certificate and c.valid @> r.effective_on and upper_inf(c.recorded))
    union all
    select problem(g.n, 'certificate_expires', 'warning', g.cell_id, format('The %s certificate of person %s ends on %s, within the term.', (g.post).certificate, g.person_id, upper(c.valid)))
    from given g join certificate c on c.district_id = r.district_id and c.person_id = g.person_id and c.kind = (g.post).certificate and c.valid @> r.effective_on and upper_inf(c.recorded)
    where upper(c.valid) < coalesce((g.body->>'to')::date, 'infinity')
    union all
    select problem(g.n, 'vacant', 'warning', g.cell_id, format('The post %s, which must be filled, falls vacant on %s.', (g.post).code, r.effective_on))
    from given g where g.person_id is null and (g.post).required and not exists (
      select from assignment a where a.district_id = r.district_id and a.cell_id = g.cell_id and a.post = (g.post).code and a.valid @> r.effective_on and upper_inf(a.recorded))
    union all
    -- Enforcement that passes to a town whose body is not entrusted with it (委托执法): the district acts there itself. Told where the district entrusts at all.
    select problem(e.n, 'entrustment_missing', 'warning', e.cell_id, format('No body of the town %s is entrusted with enforcement on %s: the district acts there itself (由区级执法).', e.town, r.effective_on))
           || jsonb_build_object('acts', 'district')
    from (select g.n, g.cell_id, g.cell_id as town from given g where g.person_id is not null and (g.post).certificate = 'enforcement'
          union select n, cell_id, town from ground_passed(r)) e
    join cell t on t.district_id = r.district_id and t.id = e.town and t.level = 2
    where exists (select from entrustment x where x.district_id = r.district_id and x.valid && daterange(r.effective_on - 1, r.effective_on, '[]') and upper_inf(x.recorded))
      and not exists (select from entrustment x where x.district_id = r.district_id and x.cell_id = e.town and x.valid @> r.effective_on and upper_inf(x.recorded))
    union all
    -- Whose contact point (责任联系点) ends with its cell.
    select problem(null, 'contact_point_ends', 'warning', x.cell_id, format('Person %s looks after the cell %s, which ends on %s: name what is to be looked after then.', x.person_id, x.cell_id, r.effective_on))
    from contact_point x where x.district_id = r.district_id and upper(x.recorded) >= r.applied_at and x.valid && daterange(r.effective_on, null) and not exists (
      select from contact_point y where y.district_id = r.district_id and y.id = x.id and y.valid && daterange(r.effective_on, null) and upper_inf(y.recorded)))
  select coalesce(jsonb_agg(p), '[]') from found
$$;

-- Applies a plan now. Returns the problems for which it cannot be: then the transaction must be rolled back.
create or replace function reassignment_apply(p_id uuid, p_actor text, p_request text) returns jsonb
language plpgsql as $$
declare r reassignment; v_problems jsonb;
begin
  select * into r from reassignment where id = p_id;
  perform map_held(r.district_id, true);
  if r.effective_on > (select (now() at time zone d.time_zone)::date from district d where d.id = r.district_id) then
    raise exception 'It holds from % on: schedule it, and the server applies it on that day.', r.effective_on using errcode = 'GR422';
  end if;
  update reassignment set applied_at = clock_timestamp() where id = p_id returning * into r;
  perform reassigned_begin();
  v_problems := (reassignment_carry(p_id)).problems;
  if exists (select from jsonb_array_elements(v_problems) p where p->>'severity' = 'error') then return v_problems; end if;
  perform reassigned_settle(r.district_id);
  perform hazards_keep(r);
  update reassignment set status = 'applied', settled_at = clock_timestamp(), applied_by = p_actor, problems = v_problems where id = p_id;
  if r.reverts is not null then update reassignment set status = 'reverted' where id = r.reverts; end if;
  perform receipts_make(p_id);
  perform trail(r.district_id, p_actor, 'apply', 'reassignment', p_id::text, r.reason, null, reassignment_after(p_id), p_request);
  perform bump(r.district_id, true);
  return v_problems;
end $$;

-- What a plan did, for the trail: its operations with what they were drafted upon.
create or replace function reassignment_after(p_id uuid) returns jsonb language sql stable as $$
  select jsonb_build_object('document_no', r.document_no, 'effective_on', r.effective_on, 'operations',
    (select jsonb_agg(jsonb_build_object('kind', o.kind, 'was', o.was, 'effect', o.effect) || (o.body - 'geometry' - 'gains' - 'corners') order by o.n) from reassignment_operation o where o.plan = r.id and o.state = 'active'))
  from reassignment r where r.id = p_id
$$;

-- Who hands over and who receives by a plan, to sign for it, and notices to them: of a post its holders before and after, of a cell or enterprise the heads of the cells
-- from and to which it passes.
create or replace function receipts_make(p_id uuid) returns void
language plpgsql as $$
begin
  with plan as (select * from reassignment where id = p_id),
  changed as (
    select a.person_id, case when upper_inf(a.recorded) then 'receiver' else 'giver' end as side, a.cell_id, a.post, a.valid
    from plan r join assignment a on a.district_id = r.district_id and (lower(a.recorded) >= r.applied_at and upper_inf(a.recorded) or upper(a.recorded) between r.applied_at and r.settled_at)
    where a.valid @> r.effective_on),
  posts as (  -- whose name stands on one side only
    select c.person_id, c.side from changed c where not exists (
      select from changed d where d.person_id = c.person_id and d.cell_id = c.cell_id and d.post = c.post and d.side <> c.side)),
  heads as (
    select a.person_id, case when h.cell_id = (o.was->>'parent')::bigint then 'giver' else 'receiver' end as side
    from plan r join reassignment_operation o on o.plan = r.id and o.state = 'active' and o.was ? 'parent'
    join lateral (select (o.was->>'parent')::bigint as cell_id
                  union select p.parent_id from cell_parent p where p.district_id = r.district_id and p.cell_id = operation_cell(o.body) and p.valid @> r.effective_on and upper_inf(p.recorded)) h on true
    join assignment a on a.district_id = r.district_id and a.cell_id = h.cell_id and a.is_primary and a.valid @> r.effective_on and upper_inf(a.recorded))
  insert into reassignment_receipt (plan, district_id, person_id, side)
  select p_id, r.district_id, x.person_id, x.side from plan r cross join (select * from posts union select * from heads) x on conflict do nothing;
  insert into outbox (district_id, topic, payload)
  select s.district_id, 'notice.handover', jsonb_build_object('plan', p_id, 'person', s.person_id, 'side', s.side) from reassignment_receipt s where s.plan = p_id;
end $$;

-- Restores what was known of the cells and posts that a plan changed, from a day on; where it corrected what had been wrong, from the day on which that began. Fails
-- where somebody else has changed one of them since.
create or replace function reassign_restore(p_district integer, p_day date, p_plan uuid) returns void
language plpgsql as $$
declare r reassignment; t text; c record;
begin
  select * into r from reassignment where id = p_plan and district_id = p_district;
  if r.settled_at is null then raise exception 'That plan was never applied.' using errcode = 'GR422'; end if;
  if p_day < r.effective_on then raise exception 'It holds from % on: it is taken back on that day or later.', r.effective_on using errcode = 'GR422'; end if;
  foreach t in array array['cell_life', 'cell_code', 'cell_name', 'cell_parent', 'cell_shape', 'enterprise', 'assignment', 'contact_point', 'entrustment'] loop
    for c in execute format($q$
        select x.cell_id, k.level, coalesce(min((o.effect->>'from')::date), $4) as day
        from (select distinct cell_id from %1$I where district_id = $1 and (lower(recorded) between $2 and $3 or upper(recorded) between $2 and $3)) x
        join cell k on k.district_id = $1 and k.id = x.cell_id
        left join reassignment_operation o on o.plan = $5 and o.state = 'active' and o.body->>'cause' = 'data_wrong' and operation_cell(o.body) = x.cell_id
        group by 1, 2 order by 1$q$, t) using p_district, r.applied_at, r.settled_at, p_day, p_plan loop
      if said_differs(t, p_district, c.cell_id, c.day, r.settled_at) then
        raise exception 'The cell % has been changed since (%): take that back first.', c.cell_id,
          case t when 'assignment' then 'its posts' when 'contact_point' then 'its contact points' when 'entrustment' then 'its entrustments' when 'enterprise' then 'what is registered of it' else substr(t, 6) end using errcode = 'GR409';
      end if;
      perform said_restore(t, p_district, c.cell_id, c.day, r.applied_at - interval '1 us');
      if c.level < 4 and t in ('cell_life', 'cell_code', 'cell_shape') then insert into reassigned values ('land', c.cell_id, c.day);
      elsif c.level = 4 and t in ('cell_life', 'cell_code', 'cell_parent', 'enterprise') then insert into reassigned values ('enterprise', c.cell_id, c.day);
      elsif t = 'cell_parent' then insert into reassigned values ('way', c.cell_id, c.day); end if;
    end loop;
  end loop;
  -- On the day itself it is as if it had never been; later it was, until then.
  if p_day = r.effective_on then update cell_lineage set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us')) where plan = p_plan and upper_inf(recorded); end if;
  with old as (
    update hazard_keeper set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us')) where plan = p_plan and upper_inf(recorded) returning *)
  insert into hazard_keeper (district_id, hazard_id, cell_id, plan, valid, recorded)
  select district_id, hazard_id, cell_id, plan, daterange(lower(valid), p_day), tstzrange(clock_timestamp(), null) from old where lower(valid) < p_day;
  delete from account_grant g using reassignment_grant t where t.plan = p_plan and g.account_id = t.account_id and g.role = t.role and g.district_id = t.district_id and g.cell_id = t.cell_id;
  delete from reassignment_grant where plan = p_plan;
end $$;

-- Whether what is said of a cell from a day on is something else now than it was as known at an instant.
create or replace function said_differs(p_table text, p_district integer, p_cell bigint, p_day date, p_known timestamptz) returns boolean
language plpgsql stable as $$
declare v_differs boolean; v_aside text := case p_table when 'assignment' then '{"id": 0, "valid": null, "recorded": null}' else '{"valid": null, "recorded": null}' end;
begin
  execute format($q$
    with said as (
      select upper_inf(recorded) as now, recorded @> $4 as "then", jsonb_populate_record(t, $5)::text as told, valid * daterange($3, null) as days
      from %1$I t where district_id = $1 and cell_id = $2 and coalesce(upper(valid) > $3, true) and (upper_inf(recorded) or recorded @> $4))
    select exists (select from (select told, range_agg(days) as days from said where now group by told) a
                   full join (select told, range_agg(days) as days from said where "then" group by told) b using (told) where a.days is distinct from b.days)$q$, p_table)
    into v_differs using p_district, p_cell, p_day, p_known, v_aside::jsonb;
  return v_differs;
end $$;

-- Says of a cell again, from a day on, what was known of it at an instant; what then goes on as it was before that day is one row with it.
create or replace function said_restore(p_table text, p_district integer, p_cell bigint, p_day date, p_known timestamptz) returns void
language plpgsql as $$
declare v_now timestamptz := clock_timestamp();
begin
  execute format($q$create temp table said on commit drop as
    select (array_agg(t))[1] as told, range_agg(days) as days
    from (select t, t.valid * daterange(null, $3) as days from %1$I t where district_id = $1 and cell_id = $2 and upper_inf(recorded) and coalesce(upper(valid) >= $3, true)
          union all
          select t, t.valid * daterange($3, null) from %1$I t where district_id = $1 and cell_id = $2 and recorded @> $4) x
    where not isempty(days) group by jsonb_populate_record(t, '{"valid": null, "recorded": null}')::text$q$, p_table) using p_district, p_cell, p_day, p_known;
  execute format($q$update %1$I set recorded = tstzrange(lower(recorded), greatest($4, lower(recorded) + interval '1 us'))
    where district_id = $1 and cell_id = $2 and upper_inf(recorded) and coalesce(upper(valid) >= $3, true)$q$, p_table) using p_district, p_cell, p_day, v_now;
  if p_table = 'assignment' then
    insert into assignment overriding system value
    select a.district_id, case when n = 1 and not exists (select from assignment x where x.district_id = a.district_id and x.id = a.id and upper_inf(x.recorded)) then a.id
                          else nextval(pg_get_serial_sequence('assignment', 'id')) end,
           a.cell_id, a.post, a.is_primary, a.person_id, a.acting, s.valid, tstzrange(v_now, null)
    from (select told, v as valid, row_number() over (partition by (told).id order by v) as n from said cross join lateral unnest(days) v) s cross join lateral (select (s.told).*) a;
  else
    execute format($q$insert into %1$I overriding system value select r.* from said s cross join lateral unnest(s.days) v
      cross join lateral jsonb_populate_record(s.told, jsonb_build_object('valid', v, 'recorded', tstzrange($1, null))) r$q$, p_table) using v_now;
  end if;
  drop table said;
end $$;
