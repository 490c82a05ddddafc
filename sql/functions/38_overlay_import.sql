-- Merging imported areas of overlays and who holds their posts; the rows stand in the temporary table incoming (external_id, row).

-- The overlay with a code: the last that is known.
create or replace function overlay_coded(p_district integer, p_code text) returns "overlay" language sql stable as $$
  select o from overlay o where o.district_id = p_district and o.code = p_code and upper_inf(o.recorded) order by lower(o.valid) desc limit 1
$$;

-- The area that a row of a holder names, if it exists on all of the row's days.
create or replace function overlay_area_of(p_district integer, p_row jsonb) returns bigint language sql stable as $$
  select a.id from overlay_area a
  where a.district_id = p_district and a.overlay_id = (overlay_coded(p_district, p_row->>'overlay')).id and a.code = p_row->>'area' and a.valid @> (p_row->>'from')::date and upper_inf(a.recorded)
    and daterange((p_row->>'from')::date, (p_row->>'to')::date) <@ (select range_agg(x.valid) from overlay_area x where x.district_id = p_district and x.id = a.id and upper_inf(x.recorded))
$$;

-- Makes the overlays that the rows name, or corrects what they say of them.
create or replace function overlays_import(p_district integer, p_day date) returns void
language plpgsql as $$
declare r record; o "overlay"; v_row jsonb;
begin
  for r in select i.row->>'overlay' as code, max(i.row->>'overlay_name') as name, max(i.row->>'overlay_kind') as kind, min(coalesce((i.row->>'from')::date, p_day)) as day from incoming i group by 1 loop
    o := overlay_coded(p_district, r.code);
    v_row := jsonb_build_object('district_id', p_district, 'code', r.code);
    if o.id is null then
      perform paper_put('overlay', v_row || jsonb_build_object('id', nextval(pg_get_serial_sequence('overlay', 'id')), 'name', coalesce(r.name, r.code), 'kind', coalesce(r.kind, r.name, r.code), 'valid', daterange(r.day, null)));
    elsif (coalesce(r.name, o.name), coalesce(r.kind, o.kind)) is distinct from (o.name, o.kind) or r.day < lower(o.valid) then
      perform paper_put('overlay', paper_supersede('overlay', p_district, o.id)
        || jsonb_build_object('name', coalesce(r.name, o.name), 'kind', coalesce(r.kind, o.kind), 'valid', daterange(least(r.day, lower(o.valid)), upper(o.valid))));
    end if;
  end loop;
end $$;

-- Merges areas: new codes are added, known ones whose row differs are revised from p_day on, or from the row's own first day if that is later.
create or replace function overlay_areas_import(p_district integer, p_day date, out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
declare r record; v_id bigint; v_day date; v_any boolean; v_first date; v_next date;
begin
  perform overlay_held(p_district);
  perform overlays_import(p_district, p_day);
  added := 0; changed := 0; same := 0;
  for r in
    select (overlay_coded(p_district, i.row->>'overlay')).id as overlay, i.row->>'code' as code, i.row->>'name' as name, coalesce((i.row->>'from')::date, p_day) as day, (i.row->>'to')::date as until,
           ST_SetSRID(ST_GeomFromWKB(decode(i.row->>'wkb', 'hex')), 4490) as geom, (i.row->>'area_m2')::float8 as area_m2
    from incoming i order by i.external_id collate "C" loop
    v_day := case when p_day > r.day and coalesce(r.until > p_day, true) then p_day else r.day end;
    select id into v_id from overlay_area where district_id = p_district and overlay_id = r.overlay and code = r.code and valid @> v_day and upper_inf(recorded);
    if found then
      v_any := overlay_area_revise(p_district, v_id, v_day, null, r.name, r.geom, r.area_m2);
      if r.until is not null then v_any := overlay_areas_end(p_district, array[v_id], r.until) or v_any; end if;
      changed := changed + v_any::int;
      same := same + (not v_any)::int;
    else
      select coalesce(max(upper(valid)) filter (where upper(valid) > r.day and lower(valid) < v_day), r.day), min(lower(valid)) filter (where lower(valid) > v_day) into v_first, v_next
      from overlay_area where district_id = p_district and overlay_id = r.overlay and code = r.code and upper_inf(recorded);
      insert into overlay_area (district_id, overlay_id, code, name, geom, area_m2, valid, recorded)
      values (p_district, r.overlay, r.code, r.name, r.geom, r.area_m2, daterange(v_first, least(r.until, v_next)), tstzrange(clock_timestamp(), null));
      added := added + 1;
    end if;
  end loop;
  perform overlay_check(p_district, x.id) from (select distinct (overlay_coded(p_district, i.row->>'overlay')).id from incoming i) x;
end $$;

-- The areas of the overlays in the file that hold on a day and are not in it; with p_end they end on it.
create or replace function overlay_areas_gone(p_district integer, p_day date, p_end boolean) returns setof text
language plpgsql as $$
declare r record;
begin
  for r in
    select a.id, x.code || '/' || a.code as code
    from (select distinct i.row->>'overlay' as code, (overlay_coded(p_district, i.row->>'overlay')).id from incoming i) x
    join overlay_area a on a.district_id = p_district and a.overlay_id = x.id and a.valid @> p_day and upper_inf(a.recorded)
    where not exists (select from incoming i where i.row->>'overlay' = x.code and i.row->>'code' = a.code) order by 2 loop
    if p_end then perform overlay_areas_end(p_district, array[r.id], p_day); end if;
    return next r.code;
  end loop;
end $$;
