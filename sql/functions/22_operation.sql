-- The operations of reassignment plans. Each is a function of district, plan, day and body that changes what is said of cells and posts from the day on, and notes
-- in the temporary table reassigned which land, ways up and enterprises its events may stand in another place for.

-- Makes the table anew, empty; and replaced, in which places_foresee() notes events.
create or replace function reassigned_begin() returns void language plpgsql as $$
begin
  if to_regclass('pg_temp.reassigned') is null then create temp table reassigned (what text, cell_id bigint, day date) on commit delete rows; end if;
  if to_regclass('pg_temp.replaced') is null then
    create temp table replaced (kind text, event_id uuid, day date, leaf_before bigint, leaf_after bigint) on commit delete rows;
  end if;
  delete from reassigned;
  delete from replaced;
end $$;

-- The cell of a district that an id as text, or code:{scheme}:{code} on a day, names.
create or replace function cell_named(p_district integer, p_text text, p_day date) returns bigint
language plpgsql stable as $$
declare v_id bigint; v_scheme text := split_part(p_text, ':', 2);
begin
  if p_text is null then raise exception 'A cell is missing: give an id as text, or code:{scheme}:{code}.' using errcode = 'GR422'; end if;
  if p_text ~ '^[0-9]{1,18}$' then
    select id into v_id from cell where district_id = p_district and id = p_text::bigint;
  else
    select k.cell_id into v_id from cell_code k where k.district_id = p_district and k.scheme = v_scheme and k.code = substr(p_text, length(v_scheme) + 7)
      and k.valid @> p_day and upper_inf(k.recorded);
  end if;
  if v_id is null then raise exception 'No cell of this district is % on %.', p_text, p_day using errcode = 'GR422'; end if;
  return v_id;
end $$;

-- A cell that exists on a day and is of some levels.
create or replace function cell_alive(p_district integer, p_text text, p_day date, p_levels smallint[]) returns bigint
language plpgsql stable as $$
declare v_id bigint := cell_named(p_district, p_text, p_day);
begin
  if not exists (select from cell c join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> p_day and upper_inf(l.recorded)
                 where c.district_id = p_district and c.id = v_id and c.level = any(p_levels)) then
    raise exception 'The cell % does not exist on %, or is not of a level for which this is done.', p_text, p_day using errcode = 'GR422';
  end if;
  return v_id;
end $$;

-- The body of an operation with ids in the place of codes of cells that exist, wherever they stand; what a plan makes itself keeps its code.
create or replace function operation_settle(p_district integer, p_day date, p_body jsonb) returns jsonb
language plpgsql stable as $$
declare v_text text := (p_body - 'note')::text; r record;
begin
  for r in select distinct t as code, c.cell_id from (select j #>> '{}' as t from jsonb_path_query(p_body - 'note', 'strict $.** ? (@.type() == "string" && @ starts with "code:")') j) x
           join cell_code c on c.district_id = p_district and 'code:' || c.scheme || ':' || c.code = t and c.valid @> p_day and upper_inf(c.recorded) loop
    v_text := replace(v_text, to_jsonb(r.code)::text, to_jsonb(r.cell_id::text)::text);
  end loop;
  return v_text::jsonb || case when p_body ? 'note' then jsonb_build_object('note', p_body->'note') else '{}' end;
end $$;

-- The ids of cells that an operation names.
create or replace function operation_cells(p_body jsonb) returns bigint[] language sql immutable as $$
  select coalesce(array_agg(distinct (j #>> '{}')::bigint), '{}')
  from unnest(array['$.cell', '$.parent', '$.with', '$.cells[*]', '$.sources[*]', '$.into.cell', '$.targets[*].enterprises[*]', '$.targets[*].cells[*]']::jsonpath[]) p
  cross join lateral jsonb_path_query(p_body, p) j where j #>> '{}' ~ '^[0-9]{1,18}$'
$$;

-- The cells that a plan names on its day, with those above them; of a move, those above its old place too.
create or replace function operations_areas(p_id uuid) returns bigint[] language sql stable as $$
  with recursive up as (
    select r.district_id, r.effective_on as day, c.id
    from reassignment r join reassignment_operation o on o.plan = r.id and o.state = 'active' cross join lateral unnest(operation_cells(o.body)) c (id) where r.id = p_id
    union
    select u.district_id, u.day, p.parent_id from up u
    join cell_parent p on p.district_id = u.district_id and p.cell_id = u.id and p.valid @> u.day and upper_inf(p.recorded))
  select coalesce(array_agg(distinct id), '{}') from up
$$;

-- The cells that a plan names and that lie in none of some areas on its day.
create or replace function operations_outside(p_id uuid, p_areas bigint[]) returns setof bigint language sql stable as $$
  with recursive up as (
    select r.district_id, r.effective_on as day, c.id as cell_id, c.id
    from reassignment r join reassignment_operation o on o.plan = r.id and o.state = 'active' cross join lateral unnest(operation_cells(o.body)) c (id) where r.id = p_id
    union
    select u.district_id, u.day, u.cell_id, p.parent_id from up u
    join cell_parent p on p.district_id = u.district_id and p.cell_id = u.id and p.valid @> u.day and upper_inf(p.recorded))
  select cell_id from up group by cell_id having not bool_or(id = any(p_areas))
$$;

-- What an operation is drafted upon: it is carried out only where that still holds.
create or replace function operation_was(p_district integer, p_day date, p_kind text, p_body jsonb) returns jsonb
language plpgsql stable as $$
declare v_cell bigint := case when p_kind <> 'reopen' and p_kind <> 'merge' then cell_named(p_district, p_body->>'cell', p_day) end;
begin
  return case p_kind
    when 'assign' then (select jsonb_build_object('holders', coalesce(jsonb_agg(a.person_id order by a.person_id), '[]')) from assignment a
      where a.district_id = p_district and a.cell_id = v_cell and a.post = p_body->>'post' and a.valid @> p_day and upper_inf(a.recorded))
    when 'move_cell' then (select jsonb_build_object('parent', max(p.parent_id)) from cell_parent p
      where p.district_id = p_district and p.cell_id = v_cell and p.valid @> p_day and upper_inf(p.recorded))
    when 'move_enterprise' then (select jsonb_build_object('parent', max(p.parent_id), 'lon', max(ST_X(e.location)), 'lat', max(ST_Y(e.location)))
      from (select 1) one left join cell_parent p on p.district_id = p_district and p.cell_id = v_cell and p.valid @> p_day and upper_inf(p.recorded)
      left join enterprise e on e.district_id = p_district and e.cell_id = v_cell and e.valid @> p_day and upper_inf(e.recorded))
    when 'merge' then (select jsonb_object_agg(c, cell_state(p_district, c, p_day)) from (select cell_named(p_district, t, p_day) as c from jsonb_array_elements_text(p_body->'sources') t) x)
    when 'reopen' then cell_state(p_district, cell_last_named(p_district, p_body->>'cell'), p_day)
    when 'recode' then (select jsonb_build_object('code', max(k.code), 'scheme', max(k.scheme)) from cell_code k
      where k.district_id = p_district and k.cell_id = v_cell and k.valid @> p_day and upper_inf(k.recorded))
    when 'swap' then case when p_body->>'post' is null
      then jsonb_build_object('one', cell_state(p_district, v_cell, p_day), 'two', cell_state(p_district, cell_named(p_district, p_body->>'with', p_day), p_day))
      else jsonb_build_object('one', operation_was(p_district, p_day, 'assign', p_body),
                              'two', operation_was(p_district, p_day, 'assign', p_body || jsonb_build_object('cell', p_body->'with'))) end
    else cell_state(p_district, v_cell, p_day) end;
end $$;

-- Carries out one operation.
create or replace function operation_carry(p_district integer, p_plan uuid, p_n integer, p_day date, p_kind text, p_body jsonb) returns void
language plpgsql as $$
begin
  case p_kind
    when 'assign' then perform reassign_post(p_district, p_day, p_body);
    when 'move_cell' then perform reassign_cell(p_district, p_day, p_body);
    when 'move_enterprise' then perform reassign_enterprise(p_district, p_plan, p_n, p_day, p_body);
    when 'merge' then perform reassign_merge(p_district, p_plan, p_n, p_day, p_body);
    when 'split' then perform reassign_split(p_district, p_plan, p_n, p_day, p_body);
    when 'boundary' then perform reassign_boundary(p_district, p_plan, p_n, p_day, p_body);
    when 'close' then perform reassign_close(p_district, p_day, p_body);
    when 'reopen' then perform reassign_reopen(p_district, p_day, p_body);
    when 'swap' then perform reassign_swap(p_district, p_day, p_body);
    when 'recode' then perform reassign_code(p_district, p_day, p_body);
    when 'restore' then perform reassign_restore(p_district, p_day, (p_body->>'plan')::uuid);
  end case;
end $$;

-- Supersedes an assignment and keeps of it what lies outside some days; what is left after them goes on by itself.
create or replace function assignment_yield(a assignment, p_days daterange) returns void
language plpgsql as $$
declare v_rest daterange; v_first boolean := true; v_now timestamptz := clock_timestamp();
begin
  update assignment set recorded = tstzrange(lower(recorded), greatest(v_now, lower(recorded) + interval '1 us'))
  where district_id = a.district_id and id = a.id and upper_inf(recorded);
  for v_rest in select r from unnest(datemultirange(a.valid) - datemultirange(p_days)) r order by r loop
    insert into assignment overriding system value
    values (a.district_id, case when v_first then a.id else nextval(pg_get_serial_sequence('assignment', 'id')) end, a.cell_id, a.post, a.is_primary, a.person_id, a.acting,
            v_rest, tstzrange(v_now, null));
    v_first := false;
  end loop;
end $$;

-- Hands over a post of a cell from a day on: to a day (its holder then returns by himself), or for the rest of the term. Of a post with several holders one is named who
-- hands over (`replacing`), or none, and it is given beside. No person: it falls vacant.
create or replace function reassign_post(p_district integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_post post; v_cell bigint; v_days daterange; a assignment; v_to date := (p_body->>'to')::date; v_person bigint := (p_body->>'person')::bigint; v_given bigint := (p_body->>'replacing')::bigint;
begin
  select * into v_post from post where code = p_body->>'post';
  if v_post.code is null then raise exception 'assign needs post, and person or null.' using errcode = 'GR422'; end if;
  v_cell := cell_alive(p_district, p_body->>'cell', p_day, array[v_post.level]);
  if v_to <= p_day then raise exception 'to must be later than the day of the plan (it is the first day after).' using errcode = 'GR422'; end if;
  if v_person is not null and not exists (select from person where district_id = p_district and id = v_person) then
    raise exception 'There is no person % in this district.', v_person using errcode = 'GR422';
  end if;
  select least(v_to, case when v_to is null then coalesce(
             (select upper(x.valid) from assignment x where x.district_id = p_district and x.cell_id = v_cell and x.post = v_post.code and upper_inf(x.recorded) and x.valid @> p_day
                and (x.is_primary or x.person_id = v_given)),
             case when v_post.is_primary then (select min(lower(x.valid)) from assignment x where x.district_id = p_district and x.cell_id = v_cell and x.post = v_post.code
                and upper_inf(x.recorded) and lower(x.valid) > p_day) end) end,
           (select upper(l.valid) from cell_life l where l.district_id = p_district and l.cell_id = v_cell and l.valid @> p_day and upper_inf(l.recorded))) into v_to;
  v_days := daterange(p_day, v_to);
  if v_given is not null and not exists (select from assignment x where x.district_id = p_district and x.cell_id = v_cell and x.post = v_post.code and x.person_id = v_given
                                           and x.valid @> p_day and upper_inf(x.recorded)) then
    raise exception 'Person % does not hold this post on %.', v_given, p_day using errcode = 'GR422';
  end if;
  for a in select * from assignment x where x.district_id = p_district and x.cell_id = v_cell and x.post = v_post.code and upper_inf(x.recorded) and x.valid && v_days
             and (v_post.is_primary or x.person_id = v_given) loop
    perform assignment_yield(a, v_days);
  end loop;
  if v_person is null then return; end if;
  if exists (select from assignment x where x.district_id = p_district and x.cell_id = v_cell and x.post = v_post.code and x.person_id = v_person and x.valid && v_days and upper_inf(x.recorded)) then
    raise exception 'Person % holds this post already.', v_person using errcode = 'GR422';
  end if;
  insert into assignment (district_id, cell_id, post, is_primary, person_id, acting, valid, recorded)
  values (p_district, v_cell, v_post.code, v_post.is_primary, v_person, coalesce((p_body->>'acting')::boolean, false), v_days, tstzrange(clock_timestamp(), null));
end $$;

-- Issues a code anew on the same identity from a day on, in the scheme that the cell has or another.
create or replace function reassign_code(p_district integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_cell bigint := cell_alive(p_district, p_body->>'cell', p_day, array[2, 3, 4]::smallint[]); v_was cell_code; v_scheme text;
begin
  if p_body->>'code' is null then raise exception 'recode needs the new code.' using errcode = 'GR422'; end if;
  select * into v_was from cell_code k where k.district_id = p_district and k.cell_id = v_cell and k.valid @> p_day and upper_inf(k.recorded) order by k.scheme limit 1;
  v_scheme := coalesce(p_body->>'scheme', v_was.scheme);
  if (v_was.scheme, v_was.code) = (v_scheme, p_body->>'code') then raise exception 'The cell has that code already.' using errcode = 'GR422'; end if;
  perform code_is_new(v_scheme, p_body->>'code', v_cell);
  if v_scheme <> v_was.scheme then perform cut('cell_code', p_district, v_cell, p_day); end if;
  perform revise('cell_code', p_district, v_cell, p_day, jsonb_build_object('code', p_body->>'code', 'scheme', v_scheme));
  -- What names a code, and what lies on a border, may stand elsewhere.
  insert into reassigned values (case (select level from cell where district_id = p_district and id = v_cell) when 4 then 'enterprise' else 'land' end, v_cell, p_day);
end $$;

-- Fails where a code is or was that of another cell than p_cell (null: of any).
create or replace function code_is_new(p_scheme text, p_code text, p_cell bigint) returns void
language plpgsql stable as $$
begin
  if exists (select from cell_code k where k.scheme = p_scheme and k.code = p_code and k.cell_id is distinct from p_cell and upper_inf(k.recorded)) then
    raise exception 'The code % is or was that of another cell: a code is not given twice.', p_code using errcode = 'GR409';
  end if;
end $$;

-- Gives a cell another parent from a day on, with its land, and a new code if there is one.
create or replace function reassign_cell(p_district integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_cell bigint; v_parent bigint; v_old bigint; v_level smallint; v_shape geometry;
begin
  v_cell := cell_alive(p_district, p_body->>'cell', p_day, array[2, 3]::smallint[]);
  v_parent := cell_named(p_district, p_body->>'parent', p_day);
  select level into v_level from cell where district_id = p_district and id = v_cell;
  perform cell_check_parent(p_district, v_level, v_parent, p_day);
  select parent_id into v_old from cell_parent where district_id = p_district and cell_id = v_cell and valid @> p_day and upper_inf(recorded);
  if not revise('cell_parent', p_district, v_cell, p_day, jsonb_build_object('parent_id', v_parent)) then
    raise exception 'The cell is below that parent already.' using errcode = 'GR422';
  end if;
  insert into reassigned values ('way', v_cell, p_day);
  if p_body ? 'code' then perform reassign_code(p_district, p_day, p_body); end if;
  select geom into v_shape from cell_shape where district_id = p_district and cell_id = v_cell and valid @> p_day and upper_inf(recorded);
  if v_shape is not null then
    perform land_pass(p_district, p_day, v_shape, v_old, v_parent);
    -- The cell is deeper than either, so that what lies in it stays its own; unless it ends before they do.
    if exists (select from cell_shape s where s.district_id = p_district and s.cell_id = v_cell and s.valid @> p_day and upper_inf(s.recorded) and not upper_inf(s.valid)) then
      insert into reassigned select 'land', c, p_day from unnest(array[v_old, v_parent]) c where c is not null;
    end if;
  end if;
end $$;

-- Land passes from the shape of one cell to that of another from a day on, where they have shapes; a shape that had none of it, or all, stays as it is. The new areas
-- areas_settle() tells, once for each shape: those of towns of thousands of vertices took longer than all else.
create or replace function land_pass(p_district integer, p_day date, p_land geometry, p_from bigint, p_to bigint) returns void
language plpgsql as $$
declare r record; v_shape geometry;
begin
  for r in select s.cell_id, ST_SetSRID(s.geom, 4490) as geom, s.area_m2 from cell_shape s where s.district_id = p_district and s.cell_id in (p_from, p_to) and s.valid @> p_day and upper_inf(s.recorded) order by s.cell_id loop
    v_shape := ST_Multi(ST_CollectionExtract(case when r.cell_id = p_from then ST_Difference(r.geom, p_land) else ST_Union(r.geom, p_land) end, 3));
    if ST_IsEmpty(v_shape) then
      raise exception 'No land would be left of the cell %: merge it, or close it.', r.cell_id using errcode = 'GR422';
    end if;
    continue when abs(ST_Area(v_shape) - ST_Area(r.geom)) < 1e-16;  -- degrees²: less than a hundredth of a cm²
    perform shape_revise(p_district, r.cell_id, p_day, v_shape, r.area_m2);
    insert into reassigned values ('area', r.cell_id, p_day);
  end loop;
end $$;

-- The areas of the shapes to which land has passed, or from which.
create or replace function areas_settle(p_district integer) returns void
language plpgsql as $$
begin
  update cell_shape s set area_m2 = ST_Area(s.geom::geography)
  from (select distinct cell_id, day from reassigned where what = 'area') r where s.district_id = p_district and s.cell_id = r.cell_id and s.valid @> r.day and upper_inf(s.recorded);
end $$;

-- Gives an enterprise another village, for one of three causes. `moved`: it went there, from the day on. `boundary_changed`: its village did, it stands where it stood.
-- `data_wrong`: it never stood where the data have it, so that is corrected for as long as they say so, or from `since`, and what happened there counts elsewhere.
create or replace function reassign_enterprise(p_district integer, p_plan uuid, p_n integer, p_day date, p_body jsonb) returns void
language plpgsql as $$
declare v_cell bigint; v_parent bigint; v_point geometry; v_day date := p_day; r record;
begin
  v_cell := cell_alive(p_district, p_body->>'cell', p_day, array[4]::smallint[]);
  if p_body->>'cause' is null then raise exception 'move_enterprise needs its cause: moved, data_wrong or boundary_changed.' using errcode = 'GR422'; end if;
  if p_body->>'lon' is not null then v_point := ST_SetSRID(ST_MakePoint((p_body->>'lon')::float8, (p_body->>'lat')::float8), 4490); end if;
  if p_body->>'cause' = 'boundary_changed' and v_point is not null then raise exception 'Where a boundary changed, the enterprise has not moved: leave lon and lat out.' using errcode = 'GR422'; end if;
  if p_body->>'cause' = 'data_wrong' then
    select coalesce((p_body->>'since')::date, lower(p.valid)) into v_day from cell_parent p
    where p.district_id = p_district and p.cell_id = v_cell and p.valid @> p_day and upper_inf(p.recorded);
    if v_day is null or v_day > p_day then raise exception 'since must be a day up to that of the plan on which the data had it.' using errcode = 'GR422'; end if;
  end if;
  if p_body->>'parent' is not null then v_parent := cell_named(p_district, p_body->>'parent', p_day);
  else v_parent := cell_at(p_district, p_day, coalesce(v_point, (select e.location from enterprise e where e.district_id = p_district and e.cell_id = v_cell and e.valid @> p_day and upper_inf(e.recorded)))); end if;
  perform cell_check_parent(p_district, 4::smallint, v_parent, v_day);
  if v_point is not null then
    for r in select greatest(lower(e.valid), v_day) as day from enterprise e where e.district_id = p_district and e.cell_id = v_cell and upper_inf(e.recorded)
               and case when p_body->>'cause' = 'data_wrong' then e.valid && daterange(v_day, p_day, '[]') else e.valid @> p_day end loop
      perform enterprise_revise(p_district, v_cell, r.day, jsonb_build_object('location', ST_AsEWKT(v_point, 15)));
    end loop;
  end if;
  for r in select greatest(lower(p.valid), v_day) as day from cell_parent p where p.district_id = p_district and p.cell_id = v_cell and upper_inf(p.recorded)
             and p.valid && daterange(v_day, p_day, '[]') loop
    perform revise('cell_parent', p_district, v_cell, r.day, jsonb_build_object('parent_id', v_parent));
  end loop;
  update reassignment_operation set effect = jsonb_build_object('from', v_day, 'parent', v_parent) where plan = p_plan and n = p_n;
  insert into reassigned values ('enterprise', v_cell, v_day);
end $$;

-- What is wrong with the rows of a list of handovers (row, cell, post, person, from, to as texts) for a plan of some day: a row each, `operation` where nothing is. A cell is
-- named by its code in the district's scheme or that of its enterprises, a post by its code or name, a person by his key or, where one alone has it, his name.
create or replace function handovers_settle(p_district integer, p_day date, p_rows jsonb) returns table (n text, operation jsonb, fault text)
language sql stable as $$
  select t.row, case when f.fault is null then jsonb_strip_nulls(jsonb_build_object('kind', 'assign', 'cell', c.cell_id::text, 'post', o.code, 'person', p.id, 'to', t."to")) end, f.fault
  from jsonb_to_recordset(p_rows) t (row text, cell text, post text, person text, "from" text, "to" text)
  left join lateral (select x.code, x.level from post x where t.post in (x.code, x.name_zh)) o on true
  left join lateral (select k.cell_id from cell_code k join cell y on y.district_id = k.district_id and y.id = k.cell_id
                     where k.district_id = p_district and k.code = t.cell and k.valid @> p_day and upper_inf(k.recorded) and y.level = coalesce(o.level, y.level) limit 1) c on true
  left join lateral (select min(x.id) as id, count(*) as n from person x where x.district_id = p_district and (x.external_id = t.person or x.name = t.person)) p on true
  cross join lateral (select case
    when t.cell is null or t.post is null or t.person is null then 'cell, post and person must be filled in'
    when o.code is null then format('there is no post %s', t.post)
    when c.cell_id is null then format('no cell of that level has the code %s on %s', t.cell, p_day)
    when p.n = 0 then format('there is no person %s', t.person)
    when p.n > 1 then format('%s people are called %s: give the key of one', p.n, t.person)
    when t."from" is not null and t."from" !~ '^\d{4}-\d{2}-\d{2}$' or t."to" is not null and t."to" !~ '^\d{4}-\d{2}-\d{2}$' then 'from and to must be days such as 2026-03-01'
    when t."from" <> p_day::text then format('from is %s, but the plan holds from %s: put it into a plan of that day', t."from", p_day)
    when t."to" <= p_day::text then 'to must be later than from (it is the first day after)' end as fault) f
$$;
