-- Writing cells. What is said of a cell changes by revise(), its shape by shape_revise().

-- From p_day on, a dated table says p_values of a cell. The row that held is superseded: its valid range is cut at the day.
-- Returns false when it already said so.
create or replace function revise(p_table text, p_district integer, p_cell bigint, p_day date, p_values jsonb)
returns boolean language plpgsql as $$
declare v_old jsonb; v_lower date; v_upper date; v_key text := '';
begin
  if p_table = 'cell_code' then v_key := format(' and t.scheme = %L', p_values->>'scheme'); end if;
  execute format('select to_jsonb(t), lower(valid), upper(valid) from %I t where district_id = $1 and cell_id = $2
                  and valid @> $3 and upper_inf(recorded)%s', p_table, v_key)
    into v_old, v_lower, v_upper using p_district, p_cell, p_day;
  if v_old is not null then
    if v_old @> p_values then return false; end if;
    execute format('update %I t set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval ''1 us''))
                    where district_id = $1 and cell_id = $2 and valid @> $3 and upper_inf(recorded)%s', p_table, v_key)
      using p_district, p_cell, p_day;
    if v_lower is distinct from p_day then
      execute format('insert into %1$I select r.* from %1$I t, jsonb_populate_record(t, $4) r
                      where t.district_id = $1 and t.cell_id = $2 and t.valid @> $3 and not upper_inf(t.recorded)%2$s
                      order by upper(t.recorded) desc limit 1', p_table, v_key)
        using p_district, p_cell, p_day, jsonb_build_object('valid', daterange(v_lower, p_day),
                                                            'recorded', tstzrange(clock_timestamp(), null));
    end if;
  end if;
  if v_old is null then
    execute format('select min(lower(valid)) from %I t where district_id = $1 and cell_id = $2 and lower(valid) > $3
                    and upper_inf(recorded)%s', p_table, v_key) into v_upper using p_district, p_cell, p_day;
  end if;
  execute format('insert into %1$I select * from jsonb_populate_record(null::%1$I, $1)', p_table)
    using coalesce(v_old, '{}'::jsonb) || p_values || jsonb_build_object(
      'district_id', p_district, 'cell_id', p_cell, 'valid', daterange(p_day, v_upper),
      'recorded', tstzrange(clock_timestamp(), null));
  return true;
end $$;

-- The same of a cell's shape, which who asks knows to be another: to write it as text takes longest of all, and for nothing.
create or replace function shape_revise(p_district integer, p_cell bigint, p_day date, p_shape geometry, p_area double precision) returns void
language plpgsql as $$
declare v_old cell_shape; v_now timestamptz := clock_timestamp(); v_upper date;
begin
  update cell_shape set recorded = tstzrange(lower(recorded), greatest(v_now, lower(recorded) + interval '1 us'))
  where district_id = p_district and cell_id = p_cell and valid @> p_day and upper_inf(recorded) returning * into v_old;
  if v_old.cell_id is not null then
    v_now := upper(v_old.recorded);
    v_upper := upper(v_old.valid);
    if lower(v_old.valid) is distinct from p_day then
      insert into cell_shape (district_id, cell_id, geom, area_m2, valid, recorded)
      values (p_district, p_cell, v_old.geom, v_old.area_m2, daterange(lower(v_old.valid), p_day), tstzrange(v_now, null));
    end if;
  else
    select min(lower(valid)) into v_upper from cell_shape where district_id = p_district and cell_id = p_cell and lower(valid) > p_day and upper_inf(recorded);
  end if;
  insert into cell_shape (district_id, cell_id, geom, area_m2, valid, recorded) values (p_district, p_cell, p_shape, p_area, daterange(p_day, v_upper), tstzrange(v_now, null));
end $$;

-- From p_day on, a dated table says nothing of a cell any more. Returns false when it said nothing already.
create or replace function cut(p_table text, p_district integer, p_cell bigint, p_day date) returns boolean
language plpgsql as $$
declare v_any boolean;
begin
  execute format($q$
    with old as (
      update %1$I t set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us'))
      where district_id = $1 and cell_id = $2 and upper_inf(recorded) and coalesce(upper(valid) > $3, true) returning t.*),
    kept as (
      insert into %1$I overriding system value select r.* from old o, jsonb_populate_record(row(o.*)::%1$I, jsonb_build_object(
        'valid', daterange(lower(o.valid), $3), 'recorded', tstzrange(clock_timestamp(), null))) r where lower(o.valid) < $3
      returning 1)
    select exists (select from old)$q$, p_table) into v_any using p_district, p_cell, p_day;
  return v_any;
end $$;

-- Ends a cell on a day: nothing is said of it from then on, and who looked after it, or was entrusted there, does so no more. Returns false when nothing was said already.
create or replace function cell_close(p_district integer, p_cell bigint, p_day date) returns boolean
language plpgsql as $$
declare t text; v_any boolean := false;
begin
  foreach t in array array['cell_life', 'cell_code', 'cell_name', 'cell_parent', 'cell_shape', 'enterprise', 'contact_point', 'entrustment'] loop
    v_any := cut(t, p_district, p_cell, p_day) or v_any;
  end loop;
  return v_any;
end $$;

-- Revises one known cell as a row of an import says. Returns whether anything changed.
create or replace function cell_revise(p_district integer, p_level smallint, p_cell bigint, p_parent_scheme text, p_day date,
                                       p_row incoming_cell_row) returns boolean
language plpgsql as $$
declare v_any boolean := false; v_parent bigint;
begin
  v_any := revise('cell_name', p_district, p_cell, p_day, jsonb_build_object('name', p_row.name, 'kind', p_row.kind));
  if p_row.parent_code is not null then
    select cell_id into v_parent from cell_code where district_id = p_district and scheme = p_parent_scheme
      and code = p_row.parent_code and valid @> p_day and upper_inf(recorded);
    if v_parent is not null then
      v_any := revise('cell_parent', p_district, p_cell, p_day, jsonb_build_object('parent_id', v_parent)) or v_any;
    end if;
  end if;
  if p_row.wkb is not null and not exists (
      select from cell_shape where district_id = p_district and cell_id = p_cell and valid @> p_day
        and upper_inf(recorded) and ST_OrderingEquals(geom, ST_SetSRID(ST_GeomFromWKB(p_row.wkb), 4490))) then
    perform shape_revise(p_district, p_cell, p_day, ST_SetSRID(ST_GeomFromWKB(p_row.wkb), 4490), p_row.area_m2);
    v_any := true;
  end if;
  if p_level = 4 and p_row.facts is not null then
    select v_any or e.changed into v_any from enterprise_change(p_district, p_cell, p_day, p_row.facts, p_row.parent_code is not null) e;
  end if;
  return v_any;
end $$;

-- Revises what is said of an enterprise; compared as typed values, not as the text of a file.
create or replace function enterprise_revise(p_district integer, p_cell bigint, p_day date, p_facts jsonb) returns boolean
language plpgsql as $$
declare v_old enterprise; v_new enterprise;
begin
  select * into v_old from enterprise where district_id = p_district and cell_id = p_cell and valid @> p_day
    and upper_inf(recorded);
  v_new := jsonb_populate_record(v_old, jsonb_strip_nulls(p_facts));
  if v_new is not distinct from v_old then return false; end if;
  return revise('enterprise', p_district, p_cell, p_day,
                jsonb_strip_nulls(p_facts) || jsonb_build_object('location', v_new.location::text));
end $$;

-- A district's shape from those of the cells right below it, if they have any.
create or replace function shape_from_children(p_district integer, p_day date) returns void
language plpgsql as $$
declare v_cell bigint; v_shape geometry; v_old geometry;
begin
  select cell_id into v_cell from district where id = p_district;
  select ST_Multi(ST_UnaryUnion(ST_Collect(s.geom))) into v_shape
  from cell_parent p join cell_shape s on s.district_id = p_district and s.cell_id = p.cell_id and s.valid @> p_day and upper_inf(s.recorded)
  join cell c on c.district_id = p_district and c.id = p.cell_id and c.level < 4
  where p.district_id = p_district and p.parent_id = v_cell and p.valid @> p_day and upper_inf(p.recorded);
  select geom into v_old from cell_shape where district_id = p_district and cell_id = v_cell and valid @> p_day and upper_inf(recorded);
  if v_shape is null or ST_OrderingEquals(v_old, v_shape) then return; end if;
  perform shape_revise(p_district, v_cell, p_day, v_shape, ST_Area(v_shape::geography));
end $$;
