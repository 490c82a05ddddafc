-- Overlays, their areas and who holds posts there. An overlay and a holder are papers (16_supervision.sql); an area is revised from a day on, as cells are.

-- Lets one at a time write overlays of a district, so that what is checked of one holds until the commit.
create or replace function overlay_held(p_district integer) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7106, p_district);
end $$;

-- From p_day on, nothing is said any more in a table of overlays by the rows of some ids. Returns false when nothing was said already.
create or replace function overlay_cut(p_table text, p_district integer, p_ids bigint[], p_day date) returns boolean
language plpgsql as $$
declare v_any boolean;
begin
  execute format($q$
    with old as (
      update %1$I t set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us'))
      where district_id = $1 and id = any($2) and upper_inf(recorded) and coalesce(upper(valid) > $3, true) returning t.*),
    kept as (
      insert into %1$I overriding system value select r.* from old o, jsonb_populate_record(row(o.*)::%1$I, jsonb_build_object(
        'valid', daterange(lower(o.valid), $3), 'recorded', tstzrange(clock_timestamp(), null))) r where lower(o.valid) < $3
      returning 1)
    select exists (select from old)$q$, p_table) into v_any using p_district, p_ids, p_day;
  return v_any;
end $$;

-- Ends areas on a day, and with them who holds their posts. Returns false when they had ended.
create or replace function overlay_areas_end(p_district integer, p_ids bigint[], p_day date) returns boolean
language plpgsql as $$
begin
  perform overlay_cut('overlay_holder', p_district, (select array_agg(id) from overlay_holder where district_id = p_district and area_id = any(p_ids) and upper_inf(recorded)), p_day);
  return overlay_cut('overlay_area', p_district, p_ids, p_day);
end $$;

-- Refuses an overlay some of whose areas are there on days on which it is not.
create or replace function overlay_check(p_district integer, p_overlay bigint) returns void
language plpgsql as $$
begin
  if exists (select from overlay_area a where a.district_id = p_district and a.overlay_id = p_overlay and upper_inf(a.recorded)
             and not exists (select from overlay o where o.district_id = p_district and o.id = p_overlay and upper_inf(o.recorded) and o.valid @> a.valid)) then
    raise exception 'An area may only be there while its overlay is.' using errcode = 'GR422';
  end if;
end $$;

-- Writes an overlay: a new one (p_id null), or as a correction of one. `to` ends it, and its areas with it. Returns the id.
create or replace function overlay_write(p_district integer, p_id bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint;
begin
  perform overlay_held(p_district);
  v_id := paper_write('overlay', p_district, p_id, p_body - '{district,reason}'::text[], p_body->>'reason', p_actor, p_request);
  if p_body->>'to' is not null then
    perform overlay_areas_end(p_district, (select array_agg(distinct id) from overlay_area where district_id = p_district and overlay_id = v_id and upper_inf(recorded)), (p_body->>'to')::date);
  end if;
  perform overlay_check(p_district, v_id);
  return v_id;
end $$;

-- A new area of an overlay. Returns its id.
create or replace function overlay_area_create(p_district integer, p_overlay bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint; v_shape geometry := shape_of(p_body->'geometry');
begin
  perform overlay_held(p_district);
  if not exists (select from overlay where district_id = p_district and id = p_overlay and upper_inf(recorded)) then
    raise exception 'There is no such overlay.' using errcode = 'GR404';
  end if;
  if (p_body->>'to')::date <= (p_body->>'from')::date then raise exception 'to must be later than from (it is the first day after).' using errcode = 'GR422'; end if;
  insert into overlay_area (district_id, overlay_id, code, name, geom, area_m2, valid, recorded)
  values (p_district, p_overlay, p_body->>'code', p_body->>'name', v_shape, ST_Area(v_shape::geography), daterange((p_body->>'from')::date, (p_body->>'to')::date), tstzrange(clock_timestamp(), null))
  returning id into v_id;
  perform overlay_check(p_district, p_overlay);
  perform trail(p_district, p_actor, 'create', 'overlay_area', v_id::text, p_body->>'reason', null, p_body - 'geometry', p_request);
  perform bump(p_district, false);
  return v_id;
end $$;

-- From p_day on, an area has another code, name or shape (null: as before), to the end of what was said of it on that day. Returns false when it says so already.
create or replace function overlay_area_revise(p_district integer, p_id bigint, p_day date, p_code text, p_name text, p_geom geometry, p_area_m2 float8) returns boolean
language plpgsql as $$
declare v_old overlay_area;
begin
  select * into v_old from overlay_area where district_id = p_district and id = p_id and valid @> p_day and upper_inf(recorded);
  if not found then raise exception 'The area does not exist on %.', p_day using errcode = 'GR422'; end if;
  if coalesce(p_code, v_old.code) = v_old.code and coalesce(p_name, v_old.name) = v_old.name and (p_geom is null or ST_OrderingEquals(p_geom, v_old.geom)) then return false; end if;
  update overlay_area set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us'))
  where district_id = p_district and id = p_id and valid @> p_day and upper_inf(recorded);
  insert into overlay_area (district_id, id, overlay_id, code, name, geom, area_m2, valid, recorded) overriding system value
  select p_district, p_id, v_old.overlay_id, x.code, x.name, x.geom, x.area_m2, x.valid, tstzrange(clock_timestamp(), null)
  from (values (v_old.code, v_old.name, v_old.geom, v_old.area_m2, v_old.valid * daterange(null, p_day)),
               (coalesce(p_code, v_old.code), coalesce(p_name, v_old.name), coalesce(p_geom, v_old.geom), coalesce(p_area_m2, v_old.area_m2), v_old.valid * daterange(p_day, null))) x (code, name, geom, area_m2, valid)
  where not isempty(x.valid);
  return true;
end $$;

-- The version of an area: changes with all that is said of it.
create or replace function overlay_area_version(p_district integer, p_id bigint) returns text language sql stable as $$
  select version_of(tstzrange(max(greatest(lower(recorded), case when upper_inf(recorded) then null else upper(recorded) end)), null)) from overlay_area where district_id = p_district and id = p_id
$$;

-- Changes what is said of an area from p_body's `from` on; `to` ends it on that day. p_version: what the client has read, or * for any. Returns false when nothing differs.
create or replace function overlay_area_change(p_district integer, p_id bigint, p_version text, p_body jsonb, p_actor text, p_request text) returns boolean
language plpgsql as $$
declare v_any boolean; v_shape geometry; v_overlay bigint;
begin
  perform overlay_held(p_district);
  select overlay_id into v_overlay from overlay_area where district_id = p_district and id = p_id and upper_inf(recorded) limit 1;
  if not found then raise exception 'There is no such area.' using errcode = 'GR404'; end if;
  if p_version <> '*' and p_version <> overlay_area_version(p_district, p_id) then
    raise exception 'It was changed in the meantime: read it again, then decide.' using errcode = 'GR412';
  end if;
  if (p_body->>'to')::date < (p_body->>'from')::date then raise exception 'to must not be before from.' using errcode = 'GR422'; end if;
  if p_body->'geometry' is not null then v_shape := shape_of(p_body->'geometry'); end if;
  v_any := overlay_area_revise(p_district, p_id, (p_body->>'from')::date, p_body->>'code', p_body->>'name', v_shape, ST_Area(v_shape::geography));
  if p_body->>'to' is not null then v_any := overlay_areas_end(p_district, array[p_id], (p_body->>'to')::date) or v_any; end if;
  if v_any then
    perform trail(p_district, p_actor, 'change', 'overlay_area', p_id::text, p_body->>'reason', null, p_body - 'geometry', p_request);
    perform bump(p_district, false);
  end if;
  return v_any;
end $$;

-- Writes who holds a post of an area: anew (p_id null), or as a correction. Returns the id.
create or replace function overlay_holder_write(p_district integer, p_id bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint;
begin
  perform overlay_held(p_district);
  if p_body ? 'person' and not exists (select from person where district_id = p_district and id = (p_body->>'person')::bigint) then
    raise exception 'There is no such person in this district.' using errcode = 'GR422';
  end if;
  v_id := paper_write('overlay_holder', p_district, p_id, (p_body - '{district,area,person,reason}'::text[])
    || case when p_body ? 'area' then jsonb_build_object('area_id', p_body->'area', 'acting', coalesce(p_body->'acting', 'false')) else '{}' end
    || case when p_body ? 'person' then jsonb_build_object('person_id', p_body->'person') else '{}' end, p_body->>'reason', p_actor, p_request);
  if not exists (select from overlay_holder h where h.district_id = p_district and h.id = v_id and upper_inf(h.recorded) and h.valid <@ (
      select range_agg(a.valid) from overlay_area a where a.district_id = h.district_id and a.id = h.area_id and upper_inf(a.recorded))) then
    raise exception 'A post of an area is held on days on which the area exists.' using errcode = 'GR422';
  end if;
  return v_id;
end $$;
