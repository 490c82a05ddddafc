-- Writing cells as a set, from the temporary table incoming_cell (code, name, kind, parent_code, wkb, area_m2, valid_from, valid_to,
-- facts). Sets are joined by hashing: the planner cannot know what this transaction has written, and must not loop for that.

-- Makes the temporary table known_code: what codes mean in a scheme of a district, on which days.
create or replace function codes_known(p_district integer, p_scheme text) returns void
language plpgsql as $$
begin
  if to_regclass('pg_temp.known_code') is not null then drop table known_code; end if;
  create temp table known_code on commit drop as
    select k.code, k.cell_id, k.valid, c.level from cell_code k join cell c on c.district_id = k.district_id and c.id = k.cell_id
    where k.district_id = p_district and k.scheme = p_scheme and upper_inf(k.recorded);
  analyze known_code;
end $$;

-- Writes incoming_cell at a level of a district. New codes become cells; known ones are revised from p_day on.
create or replace function cells_import(p_district integer, p_level smallint, p_scheme text, p_parent_scheme text, p_day date,
                                        out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
begin
  perform codes_known(p_district, p_scheme);
  create temp table fresh_cell on commit drop as
    select i.*, nextval(pg_get_serial_sequence('cell', 'id')) as id, daterange(coalesce(i.valid_from, p_day), i.valid_to) as valid, null::bigint as parent_id
    from incoming_cell i
    where not exists (select from known_code k where k.level = p_level and k.code = i.code and k.valid && daterange(coalesce(i.valid_from, p_day), i.valid_to));
  create temp table known_cell on commit drop as
    select i.*, k.cell_id, greatest(p_day, coalesce(i.valid_from, p_day)) as day
    from incoming_cell i join known_code k on k.level = p_level and k.code = i.code and k.valid @> greatest(p_day, coalesce(i.valid_from, p_day))
    where not exists (select from fresh_cell f where f.code = i.code);
  analyze fresh_cell, known_cell;
  if p_parent_scheme <> p_scheme then perform codes_known(p_district, p_parent_scheme); end if;
  insert into cell (district_id, id, level) overriding system value select p_district, id, p_level from fresh_cell;
  get diagnostics added = row_count;
  insert into cell_life (district_id, cell_id, valid) select p_district, id, valid from fresh_cell;
  insert into cell_code (district_id, cell_id, scheme, code, valid) select p_district, id, p_scheme, code, valid from fresh_cell;
  insert into cell_name (district_id, cell_id, name, kind, valid) select p_district, id, name, kind, valid from fresh_cell;
  insert into cell_shape (district_id, cell_id, geom, area_m2, valid)
    select p_district, id, ST_SetSRID(ST_GeomFromWKB(wkb), 4490), area_m2, valid from fresh_cell where wkb is not null;
  perform cells_import_parent(p_district, p_level);
  if p_level = 4 then perform cells_import_facts(p_district); end if;
  if p_level = 1 then update district d set cell_id = f.id from fresh_cell f where d.id = p_district and d.cell_id is null; end if;
  changed := cells_revise(p_district, p_level, p_parent_scheme);
  select count(*) - changed into same from known_cell;
  drop table fresh_cell, known_cell, known_code;
end $$;

-- The parents of fresh cells: by code, and of enterprises without one by point. An enterprise whose village ends (a merge) passes to the
-- village that holds its place then.
create or replace function cells_import_parent(p_district integer, p_level smallint) returns void
language plpgsql as $$
begin
  update fresh_cell f set parent_id = k.cell_id from known_code k where k.code = f.parent_code and k.valid && f.valid;
  if p_level = 4 then
    create temp table spot on commit drop as
      select id, lower(valid) as day, (facts->>'location')::geometry as point from fresh_cell
      where parent_id is null and facts->>'location' is not null;
    update fresh_cell f set parent_id = a.cell_id from cells_at(p_district) a where a.id = f.id;
    drop table spot;
  end if;
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

-- What is said of fresh enterprises.
create or replace function cells_import_facts(p_district integer) returns void
language plpgsql as $$
begin
  insert into enterprise
  select r.* from fresh_cell f, jsonb_populate_record(null::enterprise, coalesce(f.facts, '{}') || jsonb_build_object(
    'district_id', p_district, 'cell_id', f.id, 'valid', f.valid, 'recorded', tstzrange(now(), null))) r;
end $$;

-- The rows of known_cell that say something else than is known, found as a set.
create or replace function cells_differing(p_district integer, p_level smallint) returns setof known_cell_row
language plpgsql stable set enable_nestloop = off as $$
begin
  return query
    select c.cell_id, c.day, (c.code, c.name, c.kind, c.parent_code, c.wkb, c.area_m2, c.valid_from, c.valid_to, c.facts)::incoming_cell_row
    from known_cell c
    left join cell_name n on n.district_id = p_district and n.cell_id = c.cell_id and n.valid @> c.day and upper_inf(n.recorded)
    left join known_code k on k.code = c.parent_code and k.valid @> c.day
    left join cell_parent p on p.district_id = p_district and p.cell_id = c.cell_id and p.valid @> c.day and upper_inf(p.recorded)
    left join cell_shape s on s.district_id = p_district and s.cell_id = c.cell_id and s.valid @> c.day and upper_inf(s.recorded)
    left join enterprise e on p_level = 4 and e.district_id = p_district and e.cell_id = c.cell_id and e.valid @> c.day and upper_inf(e.recorded)
    where (n.name, n.kind) is distinct from (c.name, c.kind)
      or k.cell_id is not null and k.cell_id is distinct from p.parent_id
      or c.wkb is not null and (s.geom is null or not ST_OrderingEquals(s.geom, ST_SetSRID(ST_GeomFromWKB(c.wkb), 4490)))
      or p_level = 4 and c.facts is not null and jsonb_populate_record(e, jsonb_strip_nulls(c.facts)) is distinct from e;
end $$;

-- Revises the cells of known_cell, and refreshes what is kept of the map. Returns how many changed.
create or replace function cells_revise(p_district integer, p_level smallint, p_parent_scheme text) returns bigint
language plpgsql as $$
declare v_changed bigint;
begin
  select count(*) filter (where cell_revise(p_district, p_level, d.cell_id, p_parent_scheme, d.day, d.told)) into v_changed
  from cells_differing(p_district, p_level) d;
  if p_level <= 3 then perform map_epochs_refresh(p_district); end if;
  return v_changed;
end $$;

-- The codes of a level that hold on a day and are not in incoming_cell; with p_close they end on that day.
create or replace function cells_gone(p_district integer, p_level smallint, p_scheme text, p_day date, p_close boolean) returns setof text
language plpgsql as $$
declare r record; v_any boolean := false;
begin
  perform codes_known(p_district, p_scheme);
  for r in
    select k.cell_id, k.code from known_code k
    where k.level = p_level and k.valid @> p_day and not exists (select from incoming_cell i where i.code = k.code)
  loop
    if p_close then v_any := cell_close(p_district, r.cell_id, p_day) or v_any; end if;
    return next r.code;
  end loop;
  if v_any and p_level <= 3 then perform map_epochs_refresh(p_district); end if;
end $$;

-- What a person should look at before a new edition: codes that hold on a day and come with another name, and names that
-- come back under another code of the same parent. With p_split the first end on that day: they are other cells.
create or replace function cells_suspects(p_district integer, p_level smallint, p_scheme text, p_day date, p_split boolean) returns setof text
language plpgsql as $$
declare r record;
begin
  perform codes_known(p_district, p_scheme);
  for r in select * from cells_renamed(p_district, p_level, p_day) loop
    if p_split then perform cell_close(p_district, r.cell_id, p_day); end if;
    return next format('renamed %s: %s -> %s', r.code, r.old_name, r.new_name);
  end loop;
  return query select format('recoded %s: %s -> %s', c.name, c.old_code, c.new_code) from cells_recoded(p_district, p_level, p_scheme, p_day) c;
end $$;

-- The known cells of a level that incoming_cell calls by another name, found as a set.
create or replace function cells_renamed(p_district integer, p_level smallint, p_day date)
returns table (cell_id bigint, code text, old_name text, new_name text) language plpgsql set enable_nestloop = off as $$
begin
  return query
    select k.cell_id, k.code, n.name, i.name
    from incoming_cell i
    join known_code k on k.level = p_level and k.code = i.code and k.valid @> p_day
    join cell_name n on n.district_id = p_district and n.cell_id = k.cell_id and n.valid @> p_day and upper_inf(n.recorded)
    where n.name <> i.name order by k.code;
end $$;

-- The known cells of a level whose code is not in incoming_cell, but whose name is, with the same parent and a code that is new.
create or replace function cells_recoded(p_district integer, p_level smallint, p_scheme text, p_day date)
returns table (name text, old_code text, new_code text) language plpgsql set enable_nestloop = off as $$
begin
  return query
    select n.name, k.code, i.code
    from known_code k
    join cell_name n on n.district_id = p_district and n.cell_id = k.cell_id and n.valid @> p_day and upper_inf(n.recorded)
    join cell_parent p on p.district_id = p_district and p.cell_id = k.cell_id and p.valid @> p_day and upper_inf(p.recorded)
    join cell_code u on u.district_id = p_district and u.cell_id = p.parent_id and u.valid @> p_day and upper_inf(u.recorded)
    join incoming_cell i on i.name = n.name and i.parent_code = u.code and i.code <> k.code
    where k.level = p_level and k.valid @> p_day
      and not exists (select from incoming_cell x where x.code = k.code)
      and not exists (select from cell_code x where x.district_id = p_district and x.scheme = p_scheme and x.code = i.code and x.valid @> p_day and upper_inf(x.recorded))
    order by k.code;
end $$;

-- Places anew what the changes of areal cells in this transaction can have moved: all that may stand elsewhere where shapes, codes or lives
-- changed; the stamps alone where only ways up did. Returns how many events moved.
create or replace function map_replace(p_district integer, p_day date) returns integer
language plpgsql as $$
declare v_land bigint[]; v_way bigint[]; v_events integer := 0;
begin
  select array_agg(cell_id) filter (where land), array_agg(cell_id) filter (where not land) into v_land, v_way
  from (select x.cell_id, bool_or(x.land) as land
        from (select district_id, cell_id, recorded, true as land from cell_shape union all select district_id, cell_id, recorded, true from cell_code
              union all select district_id, cell_id, recorded, true from cell_life union all select district_id, cell_id, recorded, false from cell_parent) x
        join cell c on c.district_id = x.district_id and c.id = x.cell_id and c.level < 4
        where x.district_id = p_district and lower(x.recorded) >= now() group by x.cell_id) y;
  if not exists (select from event_key where district_id = p_district) then return 0; end if;
  if v_land is not null then select p.events into v_events from places_refresh(p_district, v_land, p_day) p; end if;
  if v_way is not null then v_events := v_events + chains_refresh(p_district, v_way, p_day); end if;
  return v_events;
end $$;
