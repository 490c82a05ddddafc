-- The operations of reassignment plans that make and end cells and draw their borders. See 22_operation.sql for what they have in common.

-- A cell in a plan's words, as it is on a day: by parent and shape is told whether somebody else has changed it meanwhile.
create or replace function cell_state(p_district integer, p_cell bigint, p_day date) returns jsonb language sql stable as $$
  select jsonb_build_object('parent', (select p.parent_id from cell_parent p where p.district_id = p_district and p.cell_id = p_cell and p.valid @> p_day and upper_inf(p.recorded)),
                            'shape', (select md5(ST_AsBinary(s.geom)) from cell_shape s where s.district_id = p_district and s.cell_id = p_cell and s.valid @> p_day and upper_inf(s.recorded)),
                            'alive', exists (select from cell_life l where l.district_id = p_district and l.cell_id = p_cell and l.valid @> p_day and upper_inf(l.recorded)))
$$;

create or replace function shape_on(p_district integer, p_cell bigint, p_day date) returns geometry language sql stable as $$
  select geom from cell_shape where district_id = p_district and cell_id = p_cell and valid @> p_day and upper_inf(recorded)
$$;

create or replace function parent_on(p_district integer, p_cell bigint, p_day date) returns bigint language sql stable as $$
  select parent_id from cell_parent where district_id = p_district and cell_id = p_cell and valid @> p_day and upper_inf(recorded)
$$;

-- A new cell of level 2 or 3 from a day on, for good, with the id that was taken for it. Its code must be one that no other cell ever had.
create or replace function cell_found(p_district integer, p_cell bigint, p_level smallint, p_parent bigint, p_day date, p_said jsonb, p_shape geometry) returns void
language plpgsql as $$
declare v_now timestamptz := clock_timestamp(); v_scheme text := coalesce(p_said->>'scheme', (select scheme from district where id = p_district));
begin
  if p_said->>'code' is null or p_said->>'name' is null then raise exception 'A new cell needs code and name.' using errcode = 'GR422'; end if;
  perform code_is_new(v_scheme, p_said->>'code', null);
  perform cell_check_parent(p_district, p_level, p_parent, p_day);
  insert into cell (district_id, id, level) overriding system value values (p_district, p_cell, p_level);
  insert into cell_life (district_id, cell_id, valid, recorded) values (p_district, p_cell, daterange(p_day, null), tstzrange(v_now, null));
  insert into cell_code (district_id, cell_id, scheme, code, valid, recorded) values (p_district, p_cell, v_scheme, p_said->>'code', daterange(p_day, null), tstzrange(v_now, null));
  insert into cell_name (district_id, cell_id, name, kind, valid, recorded)
    values (p_district, p_cell, p_said->>'name', coalesce(p_said->>'kind', case p_level when 3 then 'village' else 'town' end), daterange(p_day, null), tstzrange(v_now, null));
  insert into cell_parent (district_id, cell_id, parent_id, valid, recorded) values (p_district, p_cell, p_parent, daterange(p_day, null), tstzrange(v_now, null));
  perform cell_draw(p_district, p_cell, p_day, p_shape);
  insert into reassigned values ('land', p_cell, p_day);
end $$;

-- The ids of the cells that an operation makes.
create or replace function operation_makes(p_plan uuid, p_n integer) returns bigint[] language sql stable as $$ select makes from reassignment_operation where plan = p_plan and n = p_n $$;

-- Takes ids for the cells that an operation will make.
create or replace function operation_ids(p_kind text, p_body jsonb) returns bigint[] language sql volatile as $$
  select coalesce(array_agg(nextval(pg_get_serial_sequence('cell', 'id'))), '{}')
  from generate_series(1, case when p_kind = 'split' then jsonb_array_length(p_body->'targets') when p_kind = 'merge' and p_body->'into'->>'cell' is null then 1 else 0 end)
$$;

-- Gives a cell a shape from a day on; none leaves it as it is.
create or replace function cell_draw(p_district integer, p_cell bigint, p_day date, p_shape geometry) returns void
language plpgsql as $$
declare v_shape geometry := ST_Multi(ST_CollectionExtract(p_shape, 3));
begin
  if p_shape is null then return; end if;
  if ST_IsEmpty(v_shape) then raise exception 'No land would be left of the cell %: merge it, or close it.', p_cell using errcode = 'GR422'; end if;
  perform shape_revise(p_district, p_cell, p_day, v_shape, ST_Area(v_shape::geography));
  insert into reassigned values ('land', p_cell, p_day);
end $$;

-- Ends a cell on a day, with its posts. What is below it must have passed to others.
create or replace function cell_end(p_district integer, p_cell bigint, p_day date) returns void
language plpgsql as $$
declare a assignment; v_n bigint;
begin
  select count(*) into v_n from cell_parent where district_id = p_district and parent_id = p_cell and upper_inf(recorded) and coalesce(upper(valid) > p_day, true);
  if v_n > 0 then raise exception 'There are still % cells or enterprises below the cell % on that day: give them another parent first.', v_n, p_cell using errcode = 'GR422'; end if;
  for a in select * from assignment x where x.district_id = p_district and x.cell_id = p_cell and upper_inf(x.recorded) and coalesce(upper(x.valid) > p_day, true) loop
    perform assignment_yield(a, daterange(p_day, null));
  end loop;
  perform cell_close(p_district, p_cell, p_day);
  insert into reassigned values ('land', p_cell, p_day);
end $$;

-- Gives all that is below a cell from a day on, now or later, another parent.
create or replace function children_pass(p_district integer, p_from bigint, p_to bigint, p_day date) returns void
language plpgsql as $$
declare r record;
begin
  for r in select p.cell_id, greatest(lower(p.valid), p_day) as day, c.level from cell_parent p join cell c on c.district_id = p.district_id and c.id = p.cell_id
           where p.district_id = p_district and p.parent_id = p_from and upper_inf(p.recorded) and coalesce(upper(p.valid) > p_day, true) order by p.cell_id loop
    perform revise('cell_parent', p_district, r.cell_id, r.day, jsonb_build_object('parent_id', p_to));
    insert into reassigned values (case when r.level < 4 then 'way' else 'enterprise' end, r.cell_id, r.day);
  end loop;
end $$;

-- Whoever had a role in a cell has it in the one that it passed to.
create or replace function grants_pass(p_district integer, p_plan uuid, p_from bigint, p_to bigint) returns void
language sql as $$
  with given as (
    insert into account_grant (account_id, role, district_id, cell_id)
    select account_id, role, district_id, p_to from account_grant where district_id = p_district and cell_id = p_from
    on conflict do nothing returning account_id, role)
  insert into reassignment_grant (plan, account_id, role, district_id, cell_id) select p_plan, account_id, role, p_district, p_to from given on conflict do nothing
$$;

create or replace function lineage_put(p_district integer, p_plan uuid, p_from bigint, p_to bigint, p_share double precision, p_of text, p_day date) returns void
language sql as $$
  insert into cell_lineage (district_id, from_cell, to_cell, share, share_of, day, plan, recorded)
  values (p_district, p_from, p_to, p_share, p_of, p_day, p_plan, tstzrange(clock_timestamp(), null))
$$;

-- Merges cells of one level into one of them (into.cell), which survives, or into a new one: their land, what is below them and their scopes pass to it.
create or replace function reassign_merge(p_district integer, p_plan uuid, p_n integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_sources bigint[]; v_ends bigint[]; v_level smallint; v_parent bigint; v_target bigint; v_shape geometry; s bigint;
begin
  select array_agg(distinct cell_alive(p_district, t, p_day, array[2, 3]::smallint[])) into v_sources from jsonb_array_elements_text(p_body->'sources') t;
  if coalesce(cardinality(v_sources), 0) < 2 then raise exception 'merge needs two or more sources, the surviving one among them if there is one.' using errcode = 'GR422'; end if;
  if (select count(distinct level) from cell where district_id = p_district and id = any(v_sources)) > 1 then raise exception 'Cells of one level are merged.' using errcode = 'GR422'; end if;
  select level into v_level from cell where district_id = p_district and id = v_sources[1];
  if p_body->'into'->>'cell' is not null then
    v_target := cell_named(p_district, p_body->'into'->>'cell', p_day);
    if v_target <> all(v_sources) then raise exception 'The surviving cell must be among the sources.' using errcode = 'GR422'; end if;
  end if;
  v_parent := coalesce(case when p_body->>'parent' is not null then cell_named(p_district, p_body->>'parent', p_day) end, parent_on(p_district, v_target, p_day), parent_on(p_district, v_sources[1], p_day));
  v_ends := array_remove(v_sources, v_target);
  select ST_Union(g) into v_shape from (select shape_on(p_district, x, p_day) as g from unnest(v_sources) x) y;
  foreach s in array v_sources loop
    if parent_on(p_district, s, p_day) <> v_parent then perform land_pass(p_district, p_day, shape_on(p_district, s, p_day), parent_on(p_district, s, p_day), v_parent); end if;
    insert into reassigned values ('land', s, p_day);
  end loop;
  if v_target is null then
    v_target := (operation_makes(p_plan, p_n))[1];
    perform cell_found(p_district, v_target, v_level, v_parent, p_day, p_body->'into', null);
  elsif revise('cell_parent', p_district, v_target, p_day, jsonb_build_object('parent_id', v_parent)) then insert into reassigned values ('way', v_target, p_day); end if;
  foreach s in array v_ends loop
    perform children_pass(p_district, s, v_target, p_day);
    perform cell_end(p_district, s, p_day);
    perform lineage_put(p_district, p_plan, s, v_target, 1, 'whole', p_day);
    perform grants_pass(p_district, p_plan, s, v_target);
  end loop;
  perform cell_draw(p_district, v_target, p_day, v_shape);
  update reassignment_operation set effect = jsonb_build_object('into', v_target) where plan = p_plan and n = p_n;
end $$;

-- The parts of a cell's shape that the targets of a split get: cut by a line, the pieces from west to east; or by polygons, where the one without gets the rest.
create or replace function split_shapes(p_shape geometry, p_body jsonb) returns geometry[]
language plpgsql as $$
declare v_parts geometry[]; v_n integer := jsonb_array_length(p_body->'targets'); v_left geometry := p_shape; v_bad double precision; i integer;
begin
  if p_body ? 'line' then
    select array_agg(ST_Multi(d.geom) order by ST_X(ST_Centroid(d.geom)), ST_Y(ST_Centroid(d.geom))) into v_parts
    from ST_Dump(ST_CollectionExtract(ST_Split(p_shape, ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(p_body->'line')), 4490)), 3)) d;
    if cardinality(v_parts) <> v_n then raise exception 'The line cuts the cell into % pieces, not one for each of % targets: draw it from border to border, or give polygons.', cardinality(v_parts), v_n using errcode = 'GR422'; end if;
    return v_parts;
  end if;
  v_parts := array_fill(null::geometry, array[v_n]);
  for i in 1 .. v_n loop
    continue when p_body->'targets'->(i - 1)->'geometry' is null;
    v_parts[i] := ST_Multi(ST_CollectionExtract(ST_Intersection(p_shape, shape_of(p_body->'targets'->(i - 1)->'geometry')), 3));
    v_bad := ST_Area(ST_CollectionExtract(ST_Difference(v_parts[i], v_left), 3)::geography);
    if v_bad > 1 then raise exception 'Target % laps % m² over those before it.', i, round(v_bad::numeric, 1) using errcode = 'GR422'; end if;
    v_left := ST_CollectionExtract(ST_Difference(v_left, v_parts[i]), 3);
  end loop;
  i := array_position(v_parts, null);
  if i is not null then v_parts[i] := ST_Multi(v_left);
  elsif ST_Area(v_left::geography) > 1 then raise exception '% m² of the cell are in no target.', round(ST_Area(v_left::geography)::numeric, 1) using errcode = 'GR422'; end if;
  if array_position(v_parts, null) is not null then raise exception 'At most one target may be without geometry: it gets the rest.' using errcode = 'GR422'; end if;
  return v_parts;
end $$;

-- Splits a cell: it ends, and each of its targets begins with its part. What was below it goes where a target lists it, else to the target in whose land it lies.
create or replace function reassign_split(p_district integer, p_plan uuid, p_n integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_cell bigint; v_level smallint; v_shape geometry; v_parts geometry[]; v_targets bigint[] := operation_makes(p_plan, p_n); v_n integer := jsonb_array_length(p_body->'targets'); v_all integer; i integer;
begin
  v_cell := cell_alive(p_district, p_body->>'cell', p_day, array[2, 3]::smallint[]);
  if coalesce(v_n, 0) < 2 then raise exception 'split needs two or more targets.' using errcode = 'GR422'; end if;
  select level into v_level from cell where district_id = p_district and id = v_cell;
  v_shape := shape_on(p_district, v_cell, p_day);
  if v_shape is not null then
    if not p_body ? 'line' and not jsonb_path_exists(p_body, '$.targets[*].geometry') then raise exception 'The cell has land: give a line, or polygons of its targets.' using errcode = 'GR422'; end if;
    v_parts := split_shapes(v_shape, p_body);
  end if;
  for i in 1 .. v_n loop
    perform cell_found(p_district, v_targets[i], v_level, parent_on(p_district, v_cell, p_day), p_day, p_body->'targets'->(i - 1), v_parts[i]);
  end loop;
  perform split_children(p_district, p_day, v_cell, v_targets, v_parts, p_body);
  select count(*) into v_all from cell_parent p where p.district_id = p_district and p.parent_id = any(v_targets) and p.valid @> p_day and upper_inf(p.recorded);
  for i in 1 .. v_n loop
    perform lineage_put(p_district, p_plan, v_cell, v_targets[i], case when v_shape is not null then least(1, ST_Area(v_parts[i]::geography) / ST_Area(v_shape::geography))
      else (select count(*) from cell_parent p where p.district_id = p_district and p.parent_id = v_targets[i] and p.valid @> p_day and upper_inf(p.recorded))::float8 / greatest(v_all, 1) end,
      case when v_shape is not null then 'area' else 'children' end, p_day);
    perform grants_pass(p_district, p_plan, v_cell, v_targets[i]);
  end loop;
  perform cell_end(p_district, v_cell, p_day);
  perform corners_pass(p_district, v_level, p_day, ST_Collect(v_parts), v_targets);
  update reassignment_operation set effect = jsonb_build_object('targets', v_targets) where plan = p_plan and n = p_n;
end $$;

-- Gives each child of a cell that is split its target; fails where one lands in none.
create or replace function split_children(p_district integer, p_day date, p_cell bigint, p_targets bigint[], p_parts geometry[], p_body jsonb) returns void
language plpgsql as $$
declare r record; v_to bigint;
begin
  create temp table landing on commit drop as
    select distinct on (l.cell_id) l.cell_id, p_targets[l.i] as target
    from (select cell_named(p_district, x.t, p_day) as cell_id, b.i from jsonb_array_elements(p_body->'targets') with ordinality b (body, i)
          cross join lateral (select jsonb_array_elements_text(coalesce(b.body->'enterprises', '[]')) as t union all select jsonb_array_elements_text(coalesce(b.body->'cells', '[]'))) x) l
    order by l.cell_id, l.i;
  for r in select p.cell_id, greatest(lower(p.valid), p_day) as day, c.level, coalesce(e.location, ST_PointOnSurface(s.geom)) as point
           from cell_parent p join cell c on c.district_id = p.district_id and c.id = p.cell_id
           left join enterprise e on c.level = 4 and e.district_id = p.district_id and e.cell_id = p.cell_id and e.valid @> greatest(lower(p.valid), p_day) and upper_inf(e.recorded)
           left join cell_shape s on c.level < 4 and s.district_id = p.district_id and s.cell_id = p.cell_id and s.valid @> greatest(lower(p.valid), p_day) and upper_inf(s.recorded)
           where p.district_id = p_district and p.parent_id = p_cell and upper_inf(p.recorded) and coalesce(upper(p.valid) > p_day, true) order by p.cell_id loop
    select target into v_to from landing where cell_id = r.cell_id;
    if v_to is null then  -- on a border the lowest code wins, as everywhere
      select t.id into v_to from unnest(p_targets, p_parts) t (id, part) join cell_code k on k.district_id = p_district and k.cell_id = t.id and k.valid @> p_day and upper_inf(k.recorded)
      where ST_Intersects(t.part, r.point) order by k.code collate "C" limit 1;
    end if;
    if v_to is null then raise exception 'The cell % lands in no target: name it in the list of one.', r.cell_id using errcode = 'GR422'; end if;
    perform revise('cell_parent', p_district, r.cell_id, r.day, jsonb_build_object('parent_id', v_to));
    insert into reassigned values (case when r.level < 4 then 'way' else 'enterprise' end, r.cell_id, r.day);
  end loop;
  drop table landing;
end $$;

-- A shape with land that lies beside it, or on it; and without land. A corner of either on a side of the other is one of both first: else a slit of no width would stay.
create or replace function land_joined(p_shape geometry, p_land geometry) returns geometry language sql immutable as $$
  select ST_Multi(ST_CollectionExtract(ST_Union(ST_Snap(p_shape, p_land, 1e-9), p_land), 3))
$$;

create or replace function land_cut(p_shape geometry, p_land geometry) returns geometry language sql immutable as $$
  select ST_Multi(ST_CollectionExtract(ST_Difference(ST_Snap(p_shape, p_land, 1e-9), p_land), 3))
$$;

-- Draws a cell anew (`geometry`): what it gains its neighbours of the same level lose, what it loses goes to the neighbour `with`. Or lets it have land (`gains`), its own or not yet,
-- that no neighbour has then; or the corners of neighbours. Their towns' land follows.
create or replace function reassign_boundary(p_district integer, p_plan uuid, p_n integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_cell bigint; v_level smallint; v_old geometry; v_effect jsonb;
begin
  v_cell := cell_alive(p_district, p_body->>'cell', p_day, array[2, 3]::smallint[]);
  if num_nonnulls(p_body->'geometry', p_body->'gains', p_body->'corners') <> 1 then
    raise exception 'boundary needs one of: the new geometry of the cell, the land that it gains, the corners that it gets.' using errcode = 'GR422';
  end if;
  select level into v_level from cell where district_id = p_district and id = v_cell;
  v_old := shape_on(p_district, v_cell, p_day);
  if v_old is null then raise exception 'The cell % has no shape on %: give it one with a change of the cell.', v_cell, p_day using errcode = 'GR422'; end if;
  if not ST_IsValid(v_old) then v_old := ST_MakeValid(v_old); end if;
  if p_body->'corners' is not null then
    perform corners_put(p_district, v_cell, p_day, v_old, ST_SetSRID(ST_GeomFromGeoJSON(p_body->>'corners'), 4490));
  elsif p_body->'gains' is not null then
    v_effect := land_gained(p_district, p_day, v_cell, v_level, shape_of(p_body->'gains'), null);
    perform cell_draw(p_district, v_cell, p_day, land_joined(v_old, shape_of(p_body->'gains')));
  else
    v_effect := cell_redrawn(p_district, p_day, v_cell, v_level, v_old, shape_of(p_body->'geometry'), p_body->>'with');
  end if;
  insert into reassigned select 'enterprise', e, p_day from unnest(enterprises_refresh(p_district, (select array_agg(distinct cell_id) from reassigned where what = 'land'), p_day)) e;
  if v_effect is not null then update reassignment_operation set effect = jsonb_build_object('land', v_effect) where plan = p_plan and n = p_n; end if;
end $$;

-- Takes land that a cell gains from its neighbours of the same level, and from their towns: all of its new shape (p_new), or, where there is none, that land, so that their
-- sides meet its corners. Returns what passed from whom, in m².
create or replace function land_gained(p_district integer, p_day date, p_cell bigint, p_level smallint, p_land geometry, p_new geometry) returns jsonb
language plpgsql as $$
declare v_effect jsonb := '[]'; r record;
begin
  for r in select s.cell_id, s.geom, ST_CollectionExtract(ST_Intersection(s.geom, p_land), 3) as land
           from cell_shape s join cell c on c.district_id = s.district_id and c.id = s.cell_id and c.level = p_level
           where s.district_id = p_district and s.cell_id <> p_cell and s.valid @> p_day and upper_inf(s.recorded) and ST_DWithin(s.geom, p_land, 1e-9) order by s.cell_id loop
    if not coalesce(ST_Area(r.land::geography) > 1e-6, false) then
      if p_new is null then perform corners_match(p_district, r.cell_id, p_day, r.geom, p_land); end if;
      continue;
    end if;
    perform cell_draw(p_district, r.cell_id, p_day, case when p_new is null then land_cut(r.geom, p_land) else ST_Difference(r.geom, p_new) end);
    perform parents_pass(p_district, p_day, r.land, r.cell_id, p_cell);
    v_effect := v_effect || jsonb_build_object('from', r.cell_id, 'to', p_cell, 'm2', round(ST_Area(r.land::geography)::numeric, 2));
  end loop;
  return v_effect;
end $$;

-- Gives a cell a new shape: what it gains neighbours lose, what it loses one of them gets. Returns what passed from whom to whom, in m².
create or replace function cell_redrawn(p_district integer, p_day date, p_cell bigint, p_level smallint, p_old geometry, p_new geometry, p_with text) returns jsonb
language plpgsql as $$
declare v_lost geometry := ST_CollectionExtract(ST_Difference(p_old, p_new), 3); v_with bigint; v_effect jsonb;
begin
  v_effect := land_gained(p_district, p_day, p_cell, p_level, ST_CollectionExtract(ST_Difference(p_new, p_old), 3), p_new);
  if ST_Area(v_lost::geography) > 1 then
    if p_with is null then raise exception 'The cell loses % m²: say which neighbour gets them (with).', round(ST_Area(v_lost::geography)::numeric, 1) using errcode = 'GR422'; end if;
    v_with := cell_alive(p_district, p_with, p_day, array[p_level]);
    perform cell_draw(p_district, v_with, p_day, ST_Union(shape_on(p_district, v_with, p_day), v_lost));
    perform parents_pass(p_district, p_day, v_lost, p_cell, v_with);
    v_effect := v_effect || jsonb_build_object('from', p_cell, 'to', v_with, 'm2', round(ST_Area(v_lost::geography)::numeric, 2));
  end if;
  perform cell_draw(p_district, p_cell, p_day, p_new);
  perform corners_pass(p_district, p_level, p_day, p_new, array[p_cell]);
  perform corners_match(p_district, p_cell, p_day, p_new, (
    select ST_Collect(s.geom) from cell_shape s join cell c on c.district_id = s.district_id and c.id = s.cell_id and c.level = p_level
    where s.district_id = p_district and s.cell_id <> p_cell and s.valid @> p_day and upper_inf(s.recorded) and ST_DWithin(s.geom, p_new, 1e-9)));
  return v_effect;
end $$;

-- Gives a cell the corners of land beside it that lie on its sides, so that borders match; its ground stays as it is.
create or replace function corners_match(p_district integer, p_cell bigint, p_day date, p_shape geometry, p_land geometry) returns void
language plpgsql as $$
declare v_shape geometry := ST_Multi(ST_Snap(p_shape, p_land, 1e-9));
begin
  if ST_NPoints(v_shape) > ST_NPoints(p_shape) and ST_IsValid(v_shape) then
    perform shape_revise(p_district, p_cell, p_day, v_shape, ST_Area(v_shape::geography));
  end if;
end $$;

-- The same of all cells of a level that lie beside the land of some, but for these.
create or replace function corners_pass(p_district integer, p_level smallint, p_day date, p_land geometry, p_but bigint[]) returns void
language plpgsql as $$
declare r record;
begin
  for r in select s.cell_id, s.geom from cell_shape s join cell c on c.district_id = s.district_id and c.id = s.cell_id and c.level = p_level
           where s.district_id = p_district and s.cell_id <> all(p_but) and s.valid @> p_day and upper_inf(s.recorded) and ST_DWithin(s.geom, p_land, 1e-9) order by s.cell_id loop
    perform corners_match(p_district, r.cell_id, p_day, r.geom, p_land);
  end loop;
end $$;

-- Gives a cell the corners of its neighbours that lie on its sides, to a centimetre, where it has them not: their borders then match edge by edge.
create or replace function corners_put(p_district integer, p_cell bigint, p_day date, p_shape geometry, p_corners geometry) returns void
language plpgsql as $$
declare v_shape geometry := ST_Multi(ST_Snap(p_shape, p_corners, 1e-7));
begin
  if ST_OrderingEquals(v_shape, p_shape) then return; end if;
  if not ST_IsValid(v_shape) then raise exception 'With these corners the shape of the cell % would not be valid: redraw its border.', p_cell using errcode = 'GR422'; end if;
  perform cell_draw(p_district, p_cell, p_day, v_shape);
end $$;

-- Land that passes from one cell to another passes between their parents too, where these differ.
create or replace function parents_pass(p_district integer, p_day date, p_land geometry, p_from bigint, p_to bigint) returns void
language plpgsql as $$
declare v_from bigint := parent_on(p_district, p_from, p_day); v_to bigint := parent_on(p_district, p_to, p_day);
begin
  if v_from is distinct from v_to then
    perform land_pass(p_district, p_day, p_land, v_from, v_to);
    insert into reassigned select 'land', c, p_day from unnest(array[v_from, v_to]) c where c is not null;
  end if;
end $$;

-- Ends a cell below which nothing is left.
create or replace function reassign_close(p_district integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
begin
  perform cell_end(p_district, cell_alive(p_district, p_body->>'cell', p_day, array[2, 3, 4]::smallint[]), p_day);
end $$;

-- Lets a cell that ended exist again from a day on, with what was last said of it, or another parent.
create or replace function reassign_reopen(p_district integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_cell bigint := cell_last_named(p_district, p_body->>'cell'); t text; v_last date; v_parent bigint;
begin
  select max(upper(valid)) into v_last from cell_life where district_id = p_district and cell_id = v_cell and upper_inf(recorded);
  if v_last is null or v_last > p_day or exists (select from cell_life where district_id = p_district and cell_id = v_cell and upper_inf(valid) and upper_inf(recorded)) then
    raise exception 'The cell has not ended by %: there is nothing to reopen.', p_day using errcode = 'GR422';
  end if;
  foreach t in array array['cell_life', 'cell_code', 'cell_name', 'cell_parent', 'cell_shape', 'enterprise'] loop
    execute format($q$insert into %1$I select r.* from %1$I t, jsonb_populate_record(t, jsonb_build_object('valid', daterange($3, null), 'recorded', tstzrange(clock_timestamp(), null))) r
                      where t.district_id = $1 and t.cell_id = $2 and upper_inf(t.recorded) and upper(t.valid) = $4$q$, t) using p_district, v_cell, p_day, v_last;
  end loop;
  if p_body->>'parent' is not null then
    perform revise('cell_parent', p_district, v_cell, p_day, jsonb_build_object('parent_id', cell_named(p_district, p_body->>'parent', p_day)));
  end if;
  v_parent := parent_on(p_district, v_cell, p_day);
  perform cell_check_parent(p_district, (select level from cell where district_id = p_district and id = v_cell), v_parent, p_day);
  insert into reassigned values ('land', v_cell, p_day);
  if exists (select from cell where district_id = p_district and id = v_cell and level < 4) then
    insert into reassigned select 'enterprise', e, p_day from unnest(enterprises_refresh(p_district, array[v_cell], p_day)) e;
  end if;
end $$;

-- The cell that an id names, or that had a code last.
create or replace function cell_last_named(p_district integer, p_text text) returns bigint
language plpgsql stable as $$
declare v_id bigint;
begin
  if p_text ~ '^[0-9]{1,18}$' then return cell_named(p_district, p_text, current_date); end if;
  select k.cell_id into v_id from cell_code k where k.district_id = p_district and 'code:' || k.scheme || ':' || k.code = p_text and upper_inf(k.recorded) order by lower(k.valid) desc limit 1;
  if v_id is null then raise exception 'No cell of this district ever was %.', p_text using errcode = 'GR422'; end if;
  return v_id;
end $$;

-- Two cells exchange the holders of a post, or, without one, their parents.
create or replace function reassign_swap(p_district integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_one bigint; v_two bigint; v_held jsonb;
begin
  v_one := cell_alive(p_district, p_body->>'cell', p_day, array[2, 3, 4]::smallint[]);
  v_two := cell_alive(p_district, p_body->>'with', p_day, array[2, 3, 4]::smallint[]);
  if p_body->>'post' is null then
    v_held := jsonb_build_object('one', parent_on(p_district, v_one, p_day)::text, 'two', parent_on(p_district, v_two, p_day)::text);
    perform reassign_cell(p_district, p_day, jsonb_build_object('cell', v_one::text, 'parent', v_held->'two'));
    perform reassign_cell(p_district, p_day, jsonb_build_object('cell', v_two::text, 'parent', v_held->'one'));
    return;
  end if;
  select jsonb_object_agg(a.cell_id, a.person_id) into v_held from assignment a
  where a.district_id = p_district and a.cell_id in (v_one, v_two) and a.post = p_body->>'post' and a.is_primary and a.valid @> p_day and upper_inf(a.recorded);
  if v_held is null or not v_held ?& array[v_one::text, v_two::text] then raise exception 'The post % must be a primary one that is held in both cells.', p_body->>'post' using errcode = 'GR422'; end if;
  perform reassign_post(p_district, p_day, jsonb_build_object('cell', v_one::text, 'post', p_body->'post', 'person', v_held->v_two::text, 'to', p_body->'to'));
  perform reassign_post(p_district, p_day, jsonb_build_object('cell', v_two::text, 'post', p_body->'post', 'person', v_held->v_one::text, 'to', p_body->'to'));
end $$;
