-- Attribution, written once. An event belongs to the enterprise it names, if known on its day; else to the deepest cell
-- whose shape contains its point, border included; else to its code. On a shared border the lowest code in byte order
-- wins. From there it goes up the tree.

-- The deepest cell of a district at a point on a day; null when there is none. The shapes near the point come first, and are
-- tried in the order in which they would win, so that the large one of a whole district is seldom read. (`offset 0` keeps
-- the planner to that.)
create or replace function cell_at(p_district integer, p_day date, p_point geometry) returns bigint
language plpgsql stable parallel safe as $$
begin
  return (
    select r.cell_id
    from (
      select n.cell_id, n.geom
      from (select s.* from cell_shape s where s.geom && p_point offset 0) n
      join cell c on c.district_id = p_district and c.id = n.cell_id
      join cell_code k on k.district_id = p_district and k.cell_id = n.cell_id and k.valid @> p_day and upper_inf(k.recorded)
      where n.district_id = p_district and n.valid @> p_day and upper_inf(n.recorded)
      order by c.level desc, k.code collate "C", n.cell_id offset 0) r
    where ST_Intersects(r.geom, p_point) limit 1);
end $$;

-- The same rule for a set: the rows of the temporary table spot (id, day, point), each with its deepest cell. Shapes come
-- first, so that each is prepared once for all its points.
create or replace function cells_at(p_district integer) returns table (id bigint, cell_id bigint)
language plpgsql as $$
begin
  create index on spot using gist (point);
  analyze spot;
  return query
    with shape as materialized (
      select s.cell_id, s.geom, s.valid, c.level, k.code, k.valid as code_valid
      from cell_shape s
      join cell c on c.district_id = s.district_id and c.id = s.cell_id
      join cell_code k on k.district_id = s.district_id and k.cell_id = s.cell_id and upper_inf(k.recorded)
      where s.district_id = p_district and upper_inf(s.recorded))
    select distinct on (o.id) o.id, h.cell_id
    from shape h
    join spot o on h.geom && o.point and ST_Intersects(h.geom, o.point) and h.valid @> o.day and h.code_valid @> o.day
    order by o.id, h.level desc, h.code collate "C", h.cell_id;
end $$;

-- Where an event stands on a map day: the leaf (null: unplaced) and the rule that placed it.
create or replace function place(p_district integer, p_day date, p_enterprise bigint, p_point geometry, p_code text,
                                 out leaf bigint, out rule text)
language plpgsql stable parallel safe as $$
begin
  if p_enterprise is not null then
    select p.parent_id into leaf from cell_parent p
    where p.district_id = p_district and p.cell_id = p_enterprise and p.valid @> p_day and upper_inf(p.recorded);
    if leaf is not null then rule := 'enterprise'; return; end if;
  end if;
  if p_point is not null then
    leaf := cell_at(p_district, p_day, p_point);
    if leaf is not null then rule := 'shape'; return; end if;
  end if;
  if p_code is not null then
    select k.cell_id into leaf from cell_code k
    join cell c on c.district_id = k.district_id and c.id = k.cell_id and c.level <= 3
    where k.district_id = p_district and k.code = p_code and k.valid @> p_day and upper_inf(k.recorded)
    order by c.level desc limit 1;
    if leaf is null then leaf := code_heir(p_district, p_day, p_code); end if;
    if leaf is not null then rule := 'code'; return; end if;
  end if;
  rule := 'unplaced';
end $$;

-- The cell of a day that has taken over from the one that a code named last before it: after a split the one with the largest share, then the lowest code.
create or replace function code_heir(p_district integer, p_day date, p_code text) returns bigint
language sql stable parallel safe as $$
  with recursive heir as (
    (select k.cell_id, 0 as step from cell_code k join cell c on c.district_id = k.district_id and c.id = k.cell_id and c.level <= 3
     where k.district_id = p_district and k.code = p_code and upper(k.valid) <= p_day and upper_inf(k.recorded) order by upper(k.valid) desc, c.level desc limit 1)
    union all
    (select l.to_cell, h.step + 1
     from heir h join cell_lineage l on l.district_id = p_district and l.from_cell = h.cell_id and l.day <= p_day and upper_inf(l.recorded)
     left join cell_code k on k.district_id = p_district and k.cell_id = l.to_cell and k.valid @> l.day and upper_inf(k.recorded)
     where h.step < 50 order by l.day desc, l.share desc, k.code collate "C" limit 1))
  select h.cell_id from heir h join cell_life l on l.district_id = p_district and l.cell_id = h.cell_id and l.valid @> p_day and upper_inf(l.recorded) where h.step > 0 order by h.step limit 1
$$;

-- Every leaf of a district with its way up, for the days on which that way held, as known at an instant.
create or replace function paths(p_district integer, p_known timestamptz)
returns table (leaf bigint, village_cell bigint, town_cell bigint, district_cell bigint, valid daterange)
language sql stable as $$
  with recursive up (leaf, village_cell, town_cell, district_cell, cur, level, valid) as (
    select c.id, case when c.level = 3 then c.id end, case when c.level = 2 then c.id end,
           case when c.level = 1 then c.id end, c.id, c.level, l.valid
    from cell c join cell_life l on l.district_id = c.district_id and l.cell_id = c.id
    where c.district_id = p_district and c.level <= 3 and l.recorded @> p_known
    union all
    select u.leaf, u.village_cell, case when c.level = 2 then c.id else u.town_cell end,
           case when c.level = 1 then c.id end, c.id, c.level, u.valid * p.valid
    from up u
    join cell_parent p on p.district_id = p_district and p.cell_id = u.cur and p.valid && u.valid and p.recorded @> p_known
    join cell c on c.district_id = p_district and c.id = p.parent_id
    where u.level > 1)
  select leaf, village_cell, town_cell, district_cell, valid from up where level = 1
$$;

-- The chain of a leaf on a day, made if it is new. Mostly it is there, and each of its steps up held on the day.
create or replace function chain_of(p_district integer, p_leaf bigint, p_day date) returns integer
language plpgsql as $$
declare v_id integer;
begin
  select h.id into v_id
  from chain h
  join cell_parent p on p.district_id = h.district_id and p.cell_id = p_leaf and upper_inf(p.recorded)
    and coalesce(p.valid @> p_day, false)  -- out of reach of the exclusion's index, which must read the whole district for it
    and p.parent_id = case when h.village_cell is not null then coalesce(h.town_cell, h.district_cell) else h.district_cell end
  where h.district_id = p_district and h.leaf = p_leaf
    and (h.village_cell is null or h.town_cell is null or exists (
      select from cell_parent q where q.district_id = p_district and q.cell_id = h.town_cell and q.parent_id = h.district_cell
        and coalesce(q.valid @> p_day, false) and upper_inf(q.recorded)));
  return coalesce(v_id, chain_made(p_district, p_leaf, p_day));
end $$;

-- The same by going up the tree.
create or replace function chain_made(p_district integer, p_leaf bigint, p_day date) returns integer
language plpgsql as $$
declare
  v_village bigint; v_town bigint; v_district bigint; v_cur bigint := p_leaf; v_level smallint; v_id integer;
begin
  while v_cur is not null loop
    select level into v_level from cell where district_id = p_district and id = v_cur;
    case v_level when 3 then v_village := v_cur; when 2 then v_town := v_cur; when 1 then v_district := v_cur; exit;
      else raise exception 'cell % cannot be the leaf of an event', v_cur using errcode = 'GR001'; end case;
    select parent_id into v_cur from cell_parent
    where district_id = p_district and cell_id = v_cur and valid @> p_day and upper_inf(recorded);
  end loop;
  select id into v_id from chain where district_id = p_district and leaf is not distinct from p_leaf
    and district_cell is not distinct from v_district and town_cell is not distinct from v_town and village_cell is not distinct from v_village;
  if v_id is null then
    insert into chain (district_id, district_cell, town_cell, village_cell)
    values (p_district, v_district, v_town, v_village)
    on conflict on constraint chain_unique do update set district_id = excluded.district_id returning id into v_id;
  end if;
  return v_id;
end $$;

-- Finds anew the days on which anything said of the areal cells changes: the only ones between which a place or a row of
-- figures can differ. Whoever changes cells calls it, in the same transaction.
create or replace function map_epochs_refresh(p_district integer) returns void
language plpgsql set enable_nestloop = off as $$
begin
  create temp table epoch on commit drop as
    select distinct d as day
    from (select district_id, cell_id, valid, recorded from cell_life
          union all select district_id, cell_id, valid, recorded from cell_code
          union all select district_id, cell_id, valid, recorded from cell_name
          union all select district_id, cell_id, valid, recorded from cell_parent
          union all select district_id, cell_id, valid, recorded from cell_shape
          union all select id, cell_id, daterange(holds_from, null), tstzrange(null, null) from district) said
    join cell c on c.district_id = said.district_id and c.id = said.cell_id and c.level <= 3
    cross join lateral unnest(array[lower(said.valid), upper(said.valid)]) d
    where said.district_id = p_district and upper_inf(said.recorded) and d is not null;
  delete from map_epoch m where m.district_id = p_district and not exists (select from epoch e where e.day = m.day);
  insert into map_epoch select p_district, day from epoch on conflict do nothing;
  drop table epoch;
end $$;

-- The days from holds_from on between which a place can differ, by what it is found by: those on which anything is said of the parent of the enterprise, of a shape whose box
-- holds the point or the code of its cell, or of who bears the code. The map may change on many others. Who took over from a code that ended may change on any.
create or replace function place_days(p_district integer, p_enterprise bigint, p_point geometry, p_code text) returns setof date
language sql stable as $$
  with near as materialized (select s.district_id, s.cell_id, s.valid, s.recorded from cell_shape s where s.geom && p_point),
  said (valid) as (
    select p.valid from cell_parent p where p.district_id = p_district and p.cell_id = p_enterprise and upper_inf(p.recorded)
    union all
    select n.valid from near n where n.district_id = p_district and upper_inf(n.recorded)
    union all
    select k.valid from near n join cell_code k on k.district_id = n.district_id and k.cell_id = n.cell_id and upper_inf(k.recorded)
    where n.district_id = p_district and upper_inf(n.recorded)
    union all
    select k.valid from cell_code k where k.district_id = p_district and k.code = p_code and upper_inf(k.recorded)
    union all
    select daterange(m.day, null) from map_epoch m where m.district_id = p_district and exists (
      select from cell_code k where k.district_id = p_district and k.code = p_code and upper_inf(k.recorded) and not upper_inf(k.valid)))
  select holds_from from district where id = p_district
  union
  select d from district t, said s cross join lateral unnest(array[lower(s.valid), upper(s.valid)]) d where t.id = p_district and d > t.holds_from
$$;
