-- Writing cells. revise() is the one way in which what is said of a cell changes.

-- From p_day on, a dated table says p_values of a cell. The row that held is superseded: its valid range is cut at the day.
-- Returns false when it already said so.
create or replace function revise(p_table text, p_district integer, p_cell bigint, p_day date, p_values jsonb)
returns boolean language plpgsql as $$
declare v_old jsonb; v_lower date; v_upper date; v_key text := '';
begin
  if p_table = 'cell_code' then v_key := format(' and scheme = %L', p_values->>'scheme'); end if;
  execute format('select to_jsonb(t), lower(valid), upper(valid) from %I t where district_id = $1 and cell_id = $2
                  and valid @> $3 and upper_inf(recorded)%s', p_table, v_key)
    into v_old, v_lower, v_upper using p_district, p_cell, p_day;
  if v_old is not null then
    if p_table <> 'cell_shape' and v_old @> p_values then return false; end if;
    execute format('update %I set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval ''1 us''))
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
    execute format('select min(lower(valid)) from %I where district_id = $1 and cell_id = $2 and lower(valid) > $3
                    and upper_inf(recorded)%s', p_table, v_key) into v_upper using p_district, p_cell, p_day;
  end if;
  execute format('insert into %1$I select * from jsonb_populate_record(null::%1$I, $1)', p_table)
    using coalesce(v_old, '{}'::jsonb) || p_values || jsonb_build_object(
      'district_id', p_district, 'cell_id', p_cell, 'valid', daterange(p_day, v_upper),
      'recorded', tstzrange(clock_timestamp(), null));
  return true;
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
      insert into %1$I select r.* from old o, jsonb_populate_record(row(o.*)::%1$I, jsonb_build_object(
        'valid', daterange(lower(o.valid), $3), 'recorded', tstzrange(clock_timestamp(), null))) r where lower(o.valid) < $3
      returning 1)
    select exists (select from old)$q$, p_table) into v_any using p_district, p_cell, p_day;
  return v_any;
end $$;

-- Ends a cell on a day: nothing is said of it from then on. Returns false when nothing was said already.
create or replace function cell_close(p_district integer, p_cell bigint, p_day date) returns boolean
language plpgsql as $$
declare t text; v_any boolean := false;
begin
  foreach t in array array['cell_life', 'cell_code', 'cell_name', 'cell_parent', 'cell_shape', 'enterprise'] loop
    v_any := cut(t, p_district, p_cell, p_day) or v_any;
  end loop;
  return v_any;
end $$;

-- Writes the temporary table incoming_cell (code, name, kind, parent_code, wkb, area_m2, valid_from, valid_to, facts) as a
-- set, at a level of a district. New codes become cells; known ones are revised from p_day on.
create or replace function cells_import(p_district integer, p_level smallint, p_scheme text, p_parent_scheme text, p_day date,
                                        out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
begin
  create temp table fresh_cell on commit drop as
    select i.*, null::bigint as id, daterange(coalesce(i.valid_from, p_day), i.valid_to) as valid,
           null::bigint as parent_id
    from incoming_cell i
    where not exists (select from cell_code k join cell c on c.district_id = k.district_id and c.id = k.cell_id
                      where k.district_id = p_district and k.scheme = p_scheme and k.code = i.code and c.level = p_level
                        and upper_inf(k.recorded) and k.valid && daterange(coalesce(i.valid_from, p_day), i.valid_to));
  update fresh_cell f set id = nextval(pg_get_serial_sequence('cell', 'id'));
  update fresh_cell f set parent_id = k.cell_id
  from cell_code k where k.district_id = p_district and k.scheme = p_parent_scheme and k.code = f.parent_code
    and upper_inf(k.recorded) and k.valid && f.valid;
  if p_level = 4 then
    create temp table spot on commit drop as
      select id, lower(valid) as day, (facts->>'location')::geometry as point from fresh_cell
      where parent_id is null and facts->>'location' is not null;
    update fresh_cell f set parent_id = a.cell_id from cells_at(p_district) a where a.id = f.id;
    drop table spot;
  end if;
  insert into cell (district_id, id, level) overriding system value select p_district, id, p_level from fresh_cell;
  insert into cell_life (district_id, cell_id, valid) select p_district, id, valid from fresh_cell;
  insert into cell_code (district_id, cell_id, scheme, code, valid)
    select p_district, id, p_scheme, code, valid from fresh_cell;
  insert into cell_name (district_id, cell_id, name, kind, valid) select p_district, id, name, kind, valid from fresh_cell;
  perform cells_import_parent(p_district, p_level);
  insert into cell_shape (district_id, cell_id, geom, area_m2, valid)
    select p_district, id, ST_SetSRID(ST_GeomFromWKB(wkb), 4490), area_m2, valid from fresh_cell where wkb is not null;
  if p_level = 4 then
    insert into enterprise select r.* from fresh_cell f, jsonb_populate_record(null::enterprise, coalesce(f.facts, '{}') ||
      jsonb_build_object('district_id', p_district, 'cell_id', f.id, 'valid', f.valid,
                         'recorded', tstzrange(now(), null))) r;
  end if;
  if p_level = 1 then update district d set cell_id = f.id from fresh_cell f where d.id = p_district and d.cell_id is null; end if;
  select count(*) into added from fresh_cell;
  select count(*) filter (where cell_revise(p_district, p_level, k.cell_id, p_parent_scheme, greatest(p_day, coalesce(i.valid_from, p_day)),
           (i.code, i.name, i.kind, i.parent_code, i.wkb, i.area_m2, i.valid_from, i.valid_to, i.facts)::incoming_cell_row)), count(*)
  into changed, same
  from incoming_cell i
  join cell_code k on k.district_id = p_district and k.scheme = p_scheme and k.code = i.code and upper_inf(k.recorded)
    and k.valid @> greatest(p_day, coalesce(i.valid_from, p_day))
  where not exists (select from fresh_cell f where f.code = i.code);
  same := same - changed;
  if p_level <= 3 then perform map_epochs_refresh(p_district); end if;
  drop table fresh_cell;
end $$;

-- The parents of fresh cells. A level-4 cell whose village ends (a merge) passes to the village that holds its place then.
create or replace function cells_import_parent(p_district integer, p_level smallint) returns void
language plpgsql as $$
begin
  insert into cell_parent (district_id, cell_id, parent_id, valid)
  select p_district, f.id, f.parent_id, f.valid * l.valid
  from fresh_cell f join cell_life l on l.district_id = p_district and l.cell_id = f.parent_id and upper_inf(l.recorded)
  where f.parent_id is not null and not isempty(f.valid * l.valid);
  insert into cell_parent (district_id, cell_id, parent_id, valid)
  select p_district, f.id, x.parent_id, daterange(upper(l.valid), upper(f.valid))
  from fresh_cell f join cell_life l on l.district_id = p_district and l.cell_id = f.parent_id and upper_inf(l.recorded)
  cross join lateral (select cell_at(p_district, upper(l.valid), (f.facts->>'location')::geometry) as parent_id) x
  where p_level = 4 and upper(l.valid) is not null and f.valid @> upper(l.valid) and x.parent_id is not null;
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
    v_any := revise('cell_shape', p_district, p_cell, p_day, jsonb_build_object(
      'geom', ST_SetSRID(ST_GeomFromWKB(p_row.wkb), 4490)::text, 'area_m2', p_row.area_m2)) or v_any;
  end if;
  if p_level = 4 and p_row.facts is not null then
    v_any := enterprise_revise(p_district, p_cell, p_day, p_row.facts) or v_any;
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

-- The codes of a level that hold on a day and are not in incoming_cell; with p_close they end on that day.
create or replace function cells_gone(p_district integer, p_level smallint, p_scheme text, p_day date, p_close boolean) returns setof text
language plpgsql as $$
declare r record;
begin
  for r in
    select k.cell_id, k.code from cell_code k join cell c on c.district_id = k.district_id and c.id = k.cell_id and c.level = p_level
    where k.district_id = p_district and k.scheme = p_scheme and k.valid @> p_day and upper_inf(k.recorded)
      and not exists (select from incoming_cell i where i.code = k.code)
  loop
    if p_close then perform cell_close(p_district, r.cell_id, p_day); end if;
    return next r.code;
  end loop;
end $$;

-- What a person should look at before a new edition: codes that hold on a day and come with another name, and names that
-- come back under another code of the same parent. With p_split the first end on that day: they are other cells.
create or replace function cells_suspects(p_district integer, p_level smallint, p_scheme text, p_day date, p_split boolean) returns setof text
language plpgsql as $$
declare r record;
begin
  for r in
    select k.cell_id, k.code, n.name as old, i.name as new
    from incoming_cell i
    join cell_code k on k.district_id = p_district and k.scheme = p_scheme and k.code = i.code and k.valid @> p_day and upper_inf(k.recorded)
    join cell_name n on n.district_id = p_district and n.cell_id = k.cell_id and n.valid @> p_day and upper_inf(n.recorded)
    where n.name <> i.name
  loop
    if p_split then perform cell_close(p_district, r.cell_id, p_day); end if;
    return next format('renamed %s: %s -> %s', r.code, r.old, r.new);
  end loop;
  return query
    select format('recoded %s: %s -> %s', n.name, k.code, i.code)
    from cell_code k
    join cell c on c.district_id = p_district and c.id = k.cell_id and c.level = p_level
    join cell_name n on n.district_id = p_district and n.cell_id = k.cell_id and n.valid @> p_day and upper_inf(n.recorded)
    join cell_parent p on p.district_id = p_district and p.cell_id = k.cell_id and p.valid @> p_day and upper_inf(p.recorded)
    join cell_code pk on pk.district_id = p_district and pk.cell_id = p.parent_id and pk.valid @> p_day and upper_inf(pk.recorded)
    join incoming_cell i on i.name = n.name and i.parent_code = pk.code and i.code <> k.code
    where k.district_id = p_district and k.scheme = p_scheme and k.valid @> p_day and upper_inf(k.recorded)
      and not exists (select from incoming_cell x where x.code = k.code)
      and not exists (select from cell_code x where x.district_id = p_district and x.scheme = p_scheme and x.code = i.code and x.valid @> p_day and upper_inf(x.recorded));
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
  perform revise('cell_shape', p_district, v_cell, p_day, jsonb_build_object('geom', v_shape::text, 'area_m2', ST_Area(v_shape::geography)));
end $$;
