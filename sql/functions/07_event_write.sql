-- Writing single events as clients send them.

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
  perform hazard_days_check(p_body || jsonb_build_object('day', v_day), p_body);
  return (p_body - array['district', 'enterprise', 'lon', 'lat', 'reason'])
    || case when v_day is null then '{}' else jsonb_build_object('day', v_day) end
    || case when p_body ? 'enterprise' then jsonb_build_object('enterprise_id', v_enterprise) else '{}' end
    || case when p_body ? 'lon' then jsonb_build_object('location', case when p_body->>'lon' is not null then
         ST_SetSRID(ST_MakePoint((p_body->>'lon')::float8, (p_body->>'lat')::float8), 4490)::text end) else '{}' end;
end $$;

-- Refuses a hazard (p_row) of which something that p_patch says, or its day if p_patch says that, would have happened before it was found.
create or replace function hazard_days_check(p_row jsonb, p_patch jsonb) returns void
language plpgsql immutable as $$
declare v_columns constant text[] := '{registered_on,graded_on,ordered_on,rectified_on,reviewed_on,closed_on,listed_on,unlisted_on,transferred_on}'; v_column text;
begin
  if not p_row ?| v_columns then return; end if;  -- as of most that are new
  foreach v_column in array v_columns loop
    if (p_patch ? v_column or p_patch ? 'day') and (p_row->>v_column)::date < (p_row->>'day')::date then
      raise exception '% (%) is before the day on which the hazard was found (%): correct the one that is wrong.', v_column, p_row->>v_column, p_row->>'day' using errcode = 'GR422';
    end if;
  end loop;
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
  if p_kind = 'hazard' then perform hazard_days_check(v_old || p_patch, p_patch); end if;
  update event_key set day = (v_old || p_patch ->> 'day')::date where district_id = p_district and id = p_id;
  r := stamp(p_district, clock_timestamp(), null, v_old || p_patch);
  v_new := r.p_row;
  perform event_put(p_kind, v_new);
  perform count_in(p_kind, p_district, v_new, r.moved, 1);
  if p_kind in ('inspection', 'patrol') then perform mark_visits(p_kind, p_district, (v_old->>'enterprise_id')::bigint, (v_old->>'day')::date); end if;
  perform trail(p_district, p_actor, 'correct', p_kind, p_id::text, p_reason, v_old, v_new, p_request);
  perform version_up(p_district, false, false);
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
  perform version_up(p_district, false, false);
end $$;
