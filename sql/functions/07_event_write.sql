-- Writing single events as clients send them, and placing events anew when the map changes behind them.

-- A client's event as a row of its table. Its day is the local day of `at` where only that is given.
create or replace function event_row(p_district integer, p_body jsonb) returns jsonb
language plpgsql stable as $$
declare v_zone text; v_day date; v_enterprise bigint := (p_body->>'enterprise')::bigint;
begin
  select time_zone into v_zone from district where id = p_district;
  if v_zone is null then raise exception 'There is no district %.', p_district using errcode = 'GR404'; end if;
  v_day := coalesce((p_body->>'day')::date, ((p_body->>'at')::timestamptz at time zone v_zone)::date);
  if p_body ? 'at' and v_day <> ((p_body->>'at')::timestamptz at time zone v_zone)::date then
    raise exception 'day is not the local day of at (%).', v_zone using errcode = 'GR422';
  end if;
  if v_day > (now() at time zone v_zone)::date then
    raise exception 'An event cannot have happened on %, which is still to come.', v_day using errcode = 'GR422';
  end if;
  if v_enterprise is not null and not exists (
      select from cell where district_id = p_district and id = v_enterprise and level = 4) then
    raise exception 'There is no enterprise % in this district.', v_enterprise using errcode = 'GR422';
  end if;
  return (p_body - array['district', 'enterprise', 'lon', 'lat', 'reason'])
    || case when v_day is null then '{}' else jsonb_build_object('day', v_day) end
    || case when p_body ? 'enterprise' then jsonb_build_object('enterprise_id', v_enterprise) else '{}' end
    || case when p_body ? 'lon' then jsonb_build_object('location', case when p_body->>'lon' is not null then
         ST_AsEWKT(ST_SetSRID(ST_MakePoint((p_body->>'lon')::float8, (p_body->>'lat')::float8), 4490), 15) end) else '{}' end;
end $$;

-- Supersedes the current version of an event and takes its counts back. Fails when it is not of version p_version ('*': any).
create or replace function event_supersede(p_kind text, p_district integer, p_id uuid, p_version text) returns jsonb
language plpgsql as $$
declare v_old jsonb; v_day date; v_recorded tstzrange;
begin
  select day into v_day from event_key where district_id = p_district and id = p_id and kind = p_kind for update;
  execute format('select to_jsonb(e) || jsonb_build_object(''location'', e.location::text), recorded from %I e
                  where district_id = $1 and id = $2 and day = $3 and upper_inf(recorded)', p_kind)
    into v_old, v_recorded using p_district, p_id, v_day;
  if v_old is null then raise exception 'There is no such %.', p_kind using errcode = 'GR404'; end if;
  if p_version <> '*' and p_version <> version_of(v_recorded) then
    raise exception 'It was changed in the meantime: read it again, then decide.' using errcode = 'GR412';
  end if;
  perform count_in(p_kind, p_district, v_old, true, -1);
  execute format('update %I set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval ''1 us''))
                  where district_id = $1 and id = $2 and day = $3 and upper_inf(recorded)', p_kind)
    using p_district, p_id, v_day;
  update event_move set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us'))
  where district_id = p_district and event_id = p_id and upper_inf(recorded);
  return v_old;
end $$;

-- Corrects an event: the old version is superseded, never changed. Returns false when nothing differs.
create or replace function event_correct(p_kind text, p_district integer, p_id uuid, p_version text, p_patch jsonb, p_actor text,
                                         p_reason text, p_request text) returns boolean
language plpgsql as $$
declare v_old jsonb; v_new jsonb; r record;
begin
  v_old := event_supersede(p_kind, p_district, p_id, p_version);
  update event_key set day = (v_old || p_patch ->> 'day')::date where district_id = p_district and id = p_id;
  r := stamp(p_district, clock_timestamp(), v_old || p_patch);
  v_new := r.p_row;
  perform event_put(p_kind, v_new);
  perform count_in(p_kind, p_district, v_new, r.moved, 1);
  if p_kind in ('inspection', 'patrol') then perform mark_visits(p_kind, p_district, (v_old->>'enterprise_id')::bigint, (v_old->>'day')::date); end if;
  perform trail(p_district, p_actor, 'correct', p_kind, p_id::text, p_reason, v_old, v_new, p_request);
  perform version_up(p_district, false);
  return true;
end $$;

-- Withdraws an event that was entered by mistake: it stays readable with known_at, and counts no more.
create or replace function event_withdraw(p_kind text, p_district integer, p_id uuid, p_version text, p_actor text,
                                          p_reason text, p_request text) returns void
language plpgsql as $$
declare v_old jsonb;
begin
  v_old := event_supersede(p_kind, p_district, p_id, p_version);
  if p_kind in ('inspection', 'patrol') then perform mark_visits(p_kind, p_district, (v_old->>'enterprise_id')::bigint, (v_old->>'day')::date); end if;
  perform trail(p_district, p_actor, 'withdraw', p_kind, p_id::text, p_reason, v_old, null, p_request);
  perform version_up(p_district, false);
end $$;

-- Places an event anew after the map changed: its stamp, and the map days that see it elsewhere. Returns whether anything
-- differs. The stamp is of the event's own day still; a map that is corrected for that day corrects the stamp.
create or replace function event_replace(p_kind text, p_district integer, p_row jsonb) returns boolean
language plpgsql as $$
declare
  v_id uuid := (p_row->>'id')::uuid; v_day date := (p_row->>'day')::date; v_leaf bigint; v_rule text; v_chain integer;
  v_enterprise bigint := (p_row->>'enterprise_id')::bigint; v_point geometry := (p_row->>'location')::geometry; v_before jsonb; v_after jsonb;
begin
  select leaf, rule into v_leaf, v_rule from place(p_district, v_day, v_enterprise, v_point, p_row->>'cell_code');
  v_chain := chain_of(p_district, v_leaf, v_day);
  select coalesce(jsonb_agg(jsonb_build_object('leaf', s.leaf, 'valid', s.valid) order by s.valid), '[]') into v_after
  from places(p_district, v_enterprise, v_point, p_row->>'cell_code') s where s.leaf is distinct from v_leaf;
  select coalesce(jsonb_agg(jsonb_build_object('leaf', m.leaf, 'valid', m.valid) order by m.valid), '[]') into v_before
  from event_move m where m.district_id = p_district and m.event_id = v_id and upper_inf(m.recorded);
  if v_chain = (p_row->>'chain_id')::int and v_rule = p_row->>'rule' and v_before = v_after then return false; end if;
  if v_chain <> (p_row->>'chain_id')::int or v_rule <> p_row->>'rule' then
    perform event_supersede(p_kind, p_district, v_id, '*');
    p_row := p_row || jsonb_build_object('rule', v_rule, 'chain_id', v_chain, 'recorded', tstzrange(clock_timestamp(), null));
    perform event_put(p_kind, p_row);
  else
    perform count_in(p_kind, p_district, p_row, true, -1);
    update event_move set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us'))
    where district_id = p_district and event_id = v_id and upper_inf(recorded);
  end if;
  insert into event_move (district_id, event_id, day, leaf, valid, recorded)
  select p_district, v_id, v_day, m.leaf, m.valid, tstzrange(clock_timestamp(), null)
  from jsonb_to_recordset(v_after) m (leaf bigint, valid daterange);
  perform count_in(p_kind, p_district, p_row, true, 1);
  return true;
end $$;

-- Places anew what the change of some cells from a day on can have moved: the enterprises in them, and the events of
-- any day in them. Returns how many of each moved.
create or replace function places_refresh(p_district integer, p_cells bigint[], p_day date, out enterprises integer, out events integer)
language plpgsql as $$
declare r record; k text; v_leaf bigint; v_touched bigint[] := p_cells;
begin
  enterprises := 0; events := 0;
  for r in
    select e.cell_id, e.location, p.parent_id
    from enterprise e
    left join cell_parent p on p.district_id = e.district_id and p.cell_id = e.cell_id and p.valid @> p_day and upper_inf(p.recorded)
    where e.district_id = p_district and e.valid @> p_day and upper_inf(e.recorded) and e.location is not null
      and (p.parent_id = any(p_cells) or exists (
        select from cell_shape s where s.district_id = p_district and s.cell_id = any(p_cells) and s.valid @> p_day
          and upper_inf(s.recorded) and s.geom && e.location and ST_Intersects(s.geom, e.location)))
  loop
    v_leaf := cell_at(p_district, p_day, r.location);
    continue when v_leaf is not distinct from r.parent_id;
    if v_leaf is null then
      perform cut('cell_parent', p_district, r.cell_id, p_day);
    else
      perform revise('cell_parent', p_district, r.cell_id, p_day, jsonb_build_object('parent_id', v_leaf));
    end if;
    enterprises := enterprises + 1;
    v_touched := v_touched || r.cell_id;
  end loop;
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    for r in execute format($q$
      with touched as (
        select e.id from %1$I e where e.district_id = $1 and upper_inf(e.recorded) and e.chain_id in (
          select h.id from chain h where h.district_id = $1 and (h.leaf = any($2) or h.town_cell = any($2) or h.village_cell = any($2)))
        union select e.id from %1$I e where e.district_id = $1 and e.enterprise_id = any($2) and upper_inf(e.recorded)
        union select m.event_id from event_move m where m.district_id = $1 and m.leaf = any($2) and upper_inf(m.recorded)
        union select e.id from cell_shape s join %1$I e on s.geom && e.location and ST_Intersects(s.geom, e.location)
              where s.district_id = $1 and s.cell_id = any($2) and upper_inf(s.recorded) and e.district_id = $1 and upper_inf(e.recorded)
        union select e.id from cell_code c join %1$I e on e.cell_code = c.code
              where c.district_id = $1 and c.cell_id = any($2) and upper_inf(c.recorded) and e.district_id = $1 and upper_inf(e.recorded))
      select to_jsonb(e) || jsonb_build_object('location', e.location::text) as row
      from touched t join event_key k on k.district_id = $1 and k.id = t.id and k.kind = %1$L
      join %1$I e on e.district_id = $1 and e.id = t.id and e.day = k.day and upper_inf(e.recorded)$q$, k)
      using p_district, v_touched
    loop
      if event_replace(k, p_district, r.row) then events := events + 1; end if;
    end loop;
  end loop;
end $$;
