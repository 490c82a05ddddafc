-- Placing events as a set: what an import brings, and what has to be placed anew when the map changes behind its events.

-- Makes the temporary table site_span from the temporary table site (id, enterprise_id, location, cell_code): where each site stands from
-- day to day, by the rule of place(). A site stands elsewhere only from one of its place_days() on.
create or replace function sites_place(p_district integer) returns void
language plpgsql set enable_nestloop = off as $$
begin
  create index on site using gist (location);
  analyze site;
  create temp table site_span on commit drop as
    with turned as (
      select h.geom, h.valid from cell_shape h join district t on t.id = h.district_id
      where h.district_id = p_district and upper_inf(h.recorded) and (lower(h.valid) > t.holds_from or not upper_inf(h.valid))
      union all
      select h.geom, k.valid from cell_code k join district t on t.id = k.district_id join cell_shape h on h.district_id = k.district_id and h.cell_id = k.cell_id and upper_inf(h.recorded)
      where k.district_id = p_district and upper_inf(k.recorded) and (lower(k.valid) > t.holds_from or not upper_inf(k.valid))),
    said as (
      select s.id, p.valid from site s join cell_parent p on p.district_id = p_district and p.cell_id = s.enterprise_id and upper_inf(p.recorded)
      union all
      select s.id, n.valid from turned n join site s on n.geom && s.location
      union all
      select s.id, k.valid from site s join cell_code k on k.district_id = p_district and k.code = s.cell_code and upper_inf(k.recorded)
      union all
      select s.id, daterange(m.day, null) from site s cross join map_epoch m
      where m.district_id = p_district and s.cell_code in (select code from cell_code where district_id = p_district and upper_inf(recorded) and not upper_inf(valid))),
    turn (id, day) as (
      select s.id, d from said s cross join lateral unnest(array[lower(s.valid), upper(s.valid)]) d where d is not null
      union
      select s.id, t.holds_from from site s cross join district t where t.id = p_district
      union
      select s.id, null from site s)
    select t.id, daterange(t.day, lead(t.day) over (partition by t.id order by t.day nulls first)) as valid, null::bigint as leaf, 'unplaced' as rule from turn t;
  perform site_spans_place(p_district);
end $$;

-- Places the rows of the temporary table site_span (id, valid, leaf, rule), each on a day of its span.
create or replace function site_spans_place(p_district integer) returns void
language plpgsql set enable_nestloop = off as $$
begin
  analyze site_span;
  update site_span a set leaf = p.parent_id, rule = 'enterprise'
  from site s join cell_parent p on p.district_id = p_district and p.cell_id = s.enterprise_id and upper_inf(p.recorded)
  where s.id = a.id and p.valid @> day_in(a.valid);
  create temp table spot on commit drop as
    select row_number() over () as id, a.id as site, a.valid, day_in(a.valid) as day, s.location as point
    from site_span a join site s on s.id = a.id where a.leaf is null and s.location is not null;
  create temp table seat on commit drop as select * from cells_at(p_district);
  update site_span a set leaf = c.cell_id, rule = 'shape' from spot o join seat c on c.id = o.id where a.id = o.site and a.valid = o.valid;
  drop table spot, seat;
  update site_span a set leaf = c.leaf, rule = 'code'
  from (select x.cell_code, x.day, (place(p_district, x.day, null, null, x.cell_code)).leaf
        from (select distinct s.cell_code, day_in(b.valid) as day from site_span b join site s on s.id = b.id where b.leaf is null and s.cell_code is not null) x) c
  join site s on s.cell_code = c.cell_code
  where s.id = a.id and a.leaf is null and c.leaf is not null and c.day = day_in(a.valid);
end $$;

-- A day of a span: its first, or the last before it ends where it has no first.
create or replace function day_in(p_valid daterange) returns date language sql immutable parallel safe as $$
  select coalesce(lower(p_valid), upper(p_valid) - 1, date '2000-01-01')
$$;

-- Gives the rows of the temporary table placed (leaf, day) their chains, and makes those that are new.
create or replace function chains_make(p_district integer) returns void
language plpgsql as $$
begin
  create temp table way on commit drop as select p.*, null::integer as chain_id from paths(p_district, 'infinity') p;
  insert into chain (district_id, district_cell, town_cell, village_cell)
  select distinct p_district, w.district_cell, w.town_cell, w.village_cell
  from (select distinct leaf, day from placed) p join way w on w.leaf = p.leaf and w.valid @> p.day
  on conflict on constraint chain_unique do nothing;
  update way w set chain_id = h.id from chain h
  where h.district_id = p_district and h.leaf = w.leaf and h.village_cell is not distinct from w.village_cell
    and h.town_cell is not distinct from w.town_cell and h.district_cell is not distinct from w.district_cell;
  analyze way;
  update placed p set chain_id = coalesce(w.chain_id, chain_of(p_district, d.leaf, d.day))
  from (select distinct leaf, day from placed) d left join way w on w.leaf = d.leaf and w.valid @> d.day
  where p.day = d.day and coalesce(p.leaf, 0) = coalesce(d.leaf, 0);
  drop table way;
end $$;

-- Places anew what the change of some cells from a day on can have moved: the enterprises in them, and the events of
-- any day in them. Returns how many of each moved.
create or replace function places_refresh(p_district integer, p_cells bigint[], p_day date, out enterprises integer, out events integer)
language plpgsql as $$
declare k text; v_touched bigint[];
begin
  v_touched := enterprises_refresh(p_district, p_cells, p_day);
  enterprises := cardinality(v_touched);
  events := 0;
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    perform events_touched(k, p_district, p_cells || v_touched);
    if exists (select from touched) then events := events + events_replace(k, p_district); end if;
    drop table touched;
  end loop;
end $$;

-- Gives the enterprises that lie in some cells, or in their shapes of a day, the parent that they have by their point from that day on.
-- Returns those that moved.
create or replace function enterprises_refresh(p_district integer, p_cells bigint[], p_day date) returns bigint[]
language plpgsql as $$
declare v_moved bigint[]; v_now timestamptz := clock_timestamp();
begin
  create temp table spot on commit drop as
    select e.cell_id as id, p_day as day, e.location as point
    from enterprise e
    join (select p.cell_id from cell_parent p where p.district_id = p_district and p.parent_id = any(p_cells) and p.valid @> p_day and upper_inf(p.recorded)
          union
          select x.cell_id from cell_shape s join enterprise x on x.location && s.geom and ST_Intersects(s.geom, x.location)
          where s.district_id = p_district and s.cell_id = any(p_cells) and s.valid @> p_day and upper_inf(s.recorded)
            and x.district_id = p_district and x.valid @> p_day and upper_inf(x.recorded)) c on c.cell_id = e.cell_id
    where e.district_id = p_district and e.valid @> p_day and upper_inf(e.recorded) and e.location is not null;
  create temp table seat on commit drop as select * from cells_at(p_district);
  create temp table parted on commit drop as
    select o.id as cell_id, a.cell_id as parent_id, p.valid
    from spot o
    left join seat a on a.id = o.id
    left join cell_parent p on p.district_id = p_district and p.cell_id = o.id and p.valid @> p_day and upper_inf(p.recorded)
    where a.cell_id is distinct from p.parent_id;
  drop table spot, seat;
  -- One that had no parent gets one until the next that it has, as revise() does.
  update parted t set valid = daterange(p_day, (select min(lower(p.valid)) from cell_parent p where p.district_id = p_district and p.cell_id = t.cell_id
                                                  and lower(p.valid) > p_day and upper_inf(p.recorded))) where valid is null;
  with old as (
    update cell_parent p set recorded = tstzrange(lower(p.recorded), greatest(v_now, lower(p.recorded) + interval '1 us'))
    from parted t where p.district_id = p_district and p.cell_id = t.cell_id and p.valid @> p_day and upper_inf(p.recorded)
    returning p.cell_id, p.parent_id, p.valid)
  insert into cell_parent (district_id, cell_id, parent_id, valid, recorded)
  select p_district, cell_id, parent_id, daterange(lower(valid), p_day), tstzrange(v_now, null) from old where lower(valid) < p_day;
  insert into cell_parent (district_id, cell_id, parent_id, valid, recorded)
  select p_district, cell_id, parent_id, daterange(p_day, upper(valid)), tstzrange(v_now, null) from parted where parent_id is not null;
  select coalesce(array_agg(cell_id), '{}') into v_moved from parted;
  drop table parted;
  return v_moved;
end $$;

-- Makes the temporary table touched: the events of a kind that stand, or may stand, in some cells or name one of them, each with the number
-- of its site.
create or replace function events_touched(p_kind text, p_district integer, p_cells bigint[]) returns void
language plpgsql as $$
begin
  execute format($q$create temp table touched on commit drop as
    with hit as (
      select e.id, e.day from %1$I e where e.district_id = %2$s and upper_inf(e.recorded) and e.chain_id in (
        select h.id from chain h where h.district_id = %2$s and (h.leaf = any(%3$L) or h.town_cell = any(%3$L)))
      union select e.id, e.day from %1$I e where e.district_id = %2$s and e.enterprise_id = any(%3$L) and upper_inf(e.recorded)
      union select m.event_id, m.day from event_move m where m.district_id = %2$s and m.leaf = any(%3$L) and upper_inf(m.recorded)
      union select e.id, e.day from cell_shape s join %1$I e on s.geom && e.location and ST_Intersects(s.geom, e.location)
            where s.district_id = %2$s and s.cell_id = any(%3$L) and upper_inf(s.recorded) and e.district_id = %2$s and upper_inf(e.recorded)
      union select e.id, e.day from cell_code c join %1$I e on e.cell_code = c.code
            where c.district_id = %2$s and c.cell_id = any(%3$L) and upper_inf(c.recorded) and e.district_id = %2$s and upper_inf(e.recorded))
    select e.id, e.day, e.chain_id, e.rule, e.enterprise_id, e.location, e.cell_code,
           dense_rank() over (order by e.enterprise_id, e.location, e.cell_code) as site
    from hit t join %1$I e on e.district_id = %2$s and e.id = t.id and e.day = t.day and upper_inf(e.recorded)$q$, p_kind, p_district, p_cells::text);
  analyze touched;
end $$;

-- Notes in the temporary table replaced which events of the temporary table touched would stand in another cell on a day of the map, and in which; nothing is written.
create or replace function events_foresee(p_kind text, p_district integer, p_day date) returns void
language plpgsql as $$
begin
  create temp table site on commit drop as select distinct on (t.site) t.site as id, t.enterprise_id, t.location, t.cell_code from touched t order by t.site;
  analyze site;
  create temp table site_span on commit drop as select s.id, daterange(p_day, p_day + 1) as valid, null::bigint as leaf, 'unplaced' as rule from site s;
  perform site_spans_place(p_district);
  insert into replaced (kind, event_id, day, leaf_before, leaf_after)
  select p_kind, x.id, x.day, x.leaf_before, x.leaf
  from (select t.id, t.day, case when m.event_id is null then h.leaf else m.leaf end as leaf_before, a.leaf
        from touched t join chain h on h.id = t.chain_id join site_span a on a.id = t.site
        left join event_move m on m.district_id = p_district and m.event_id = t.id and m.valid @> p_day and upper_inf(m.recorded)) x
  where x.leaf_before is distinct from x.leaf;
  drop table site, site_span;
end $$;

-- Places the events of the temporary table touched anew, as a correction. Returns how many of them stand elsewhere now, on their own day or
-- on another day of the map.
create or replace function events_replace(p_kind text, p_district integer) returns integer
language plpgsql as $$
declare v_changed integer;
begin
  create temp table site on commit drop as select distinct on (t.site) t.site as id, t.enterprise_id, t.location, t.cell_code from touched t order by t.site;
  perform sites_place(p_district);
  create temp table placed on commit drop as
    select t.id, t.day, t.site, t.chain_id as old_chain, h.leaf as old_leaf, t.rule as old_rule, a.leaf, a.rule, null::integer as chain_id
    from touched t join chain h on h.id = t.chain_id join site_span a on a.id = t.site and a.valid @> t.day;
  perform chains_make(p_district);
  create temp table move_new on commit drop as
    select p.id, a.leaf, a.valid
    from placed p join site_span a on a.id = p.site
    where lower(a.valid) >= (select holds_from from district where id = p_district) and a.leaf is distinct from p.leaf;
  create temp table move_old on commit drop as
    select p.id, m.leaf, m.valid from placed p join event_move m on m.district_id = p_district and m.event_id = p.id and upper_inf(m.recorded);
  create temp table moved on commit drop as
    select id from placed where leaf is distinct from old_leaf
    union select x.id from (select * from move_new except select * from move_old) x
    union select x.id from (select * from move_old except select * from move_new) x;
  v_changed := events_restamp(p_kind, p_district);
  drop table site, site_span, placed, move_new, move_old, moved;
  return v_changed;
end $$;

-- Corrects the stamps of the rows of the temporary table placed that differ from the old ones, and the moves of those in moved (from move_old
-- to move_new), with their counts. Returns how many events it touched.
create or replace function events_restamp(p_kind text, p_district integer) returns integer
language plpgsql as $$
declare v_now timestamptz := clock_timestamp(); v_columns text; v_changed integer;
begin
  create temp table changed on commit drop as
    select p.*, p.chain_id <> p.old_chain or p.rule <> p.old_rule as stamped, m.id is not null as moved
    from placed p left join moved m on m.id = p.id where p.chain_id <> p.old_chain or p.rule <> p.old_rule or m.id is not null;
  get diagnostics v_changed = row_count;
  analyze changed;
  execute format($q$
    insert into tally_pending (district_id, chain_id, kind, source, grade, day, due_on, closed_on, reviewed_on, enterprise_id, category, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n)
    select $1, x.chain_id, %1$L, %2$s, %3$s, sum(x.n) from changed t join %1$I e on e.district_id = $1 and e.id = t.id and e.day = t.day and upper_inf(e.recorded)
    cross join lateral (values (t.old_chain, -1), (t.chain_id, 1)) x (chain_id, n) where t.chain_id <> t.old_chain group by 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16$q$,
    p_kind, counted_columns(p_kind), told_columns(p_kind)) using p_district;
  create temp table turned_way on commit drop as
    select t.id, t.day, coalesce(t.old_leaf, 0) as stamped, coalesce(o.leaf, 0) as placed, o.valid, -1 as n from changed t join move_old o on o.id = t.id where t.moved
    union all
    select t.id, t.day, coalesce(t.leaf, 0), coalesce(o.leaf, 0), o.valid, 1 from changed t join move_new o on o.id = t.id where t.moved;
  analyze turned_way;
  insert into chain_move (district_id, stamped, placed, valid) select distinct p_district, stamped, placed, valid from turned_way on conflict on constraint chain_move_unique do nothing;
  execute format($q$
    insert into tally_pending (district_id, chain_id, kind, source, grade, day, due_on, closed_on, reviewed_on, enterprise_id, category, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n)
    select $1, v.id, %1$L, %2$s, %3$s, sum(w.n)
    from turned_way w join chain_move v on v.district_id = $1 and v.stamped = w.stamped and v.placed = w.placed and v.valid = w.valid
    join %1$I e on e.district_id = $1 and e.id = w.id and e.day = w.day and upper_inf(e.recorded)
    group by 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 having sum(w.n) <> 0$q$, p_kind, counted_columns(p_kind), told_columns(p_kind)) using p_district;
  update event_move m set recorded = tstzrange(lower(m.recorded), greatest(v_now, lower(m.recorded) + interval '1 us'))
  from changed t where t.moved and m.district_id = p_district and m.event_id = t.id and upper_inf(m.recorded);
  insert into event_move (district_id, event_id, day, leaf, valid, recorded)
  select p_district, t.id, t.day, o.leaf, o.valid, tstzrange(v_now, null) from changed t join move_new o on o.id = t.id where t.moved;
  select string_agg(quote_ident(attname), ', ' order by attnum) into v_columns
  from pg_attribute where attrelid = p_kind::regclass and attnum > 0 and not attisdropped and attname not in ('chain_id', 'rule', 'recorded');
  execute format($q$
    with old as (
      update %1$I e set recorded = tstzrange(lower(e.recorded), greatest($2, lower(e.recorded) + interval '1 us'))
      from changed t where t.stamped and e.district_id = $1 and e.id = t.id and e.day = t.day and upper_inf(e.recorded)
      returning e.*, t.chain_id as new_chain, t.rule as new_rule)
    insert into %1$I (%2$s, chain_id, rule, recorded) select %2$s, new_chain, new_rule, tstzrange($2, null) from old$q$, p_kind, v_columns) using p_district, v_now;
  drop table changed, turned_way;
  return v_changed;
end $$;

-- Stamps anew the events from a day on that stand below some cells, when only the way up from these has changed: they stand in the leaves that
-- they stood in, so their places on other days of the map stay. Returns how many got another stamp.
create or replace function chains_refresh(p_district integer, p_cells bigint[], p_day date) returns integer
language plpgsql as $$
declare k text; v_changed integer := 0;
begin
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    execute format($q$create temp table placed on commit drop as
      select e.id, e.day, e.chain_id as old_chain, h.leaf as old_leaf, e.rule as old_rule, h.leaf, e.rule, null::integer as chain_id
      from chain h join %1$I e on e.district_id = h.district_id and e.chain_id = h.id and e.day >= %2$L and upper_inf(e.recorded)
      where h.district_id = %3$s and (h.leaf = any(%4$L) or h.town_cell = any(%4$L))$q$, k, p_day, p_district, p_cells::text);
    if exists (select from placed) then
      perform chains_make(p_district);
      create temp table move_new (id uuid, leaf bigint, valid daterange) on commit drop;
      create temp table move_old (id uuid, leaf bigint, valid daterange) on commit drop;
      create temp table moved (id uuid) on commit drop;
      v_changed := v_changed + events_restamp(k, p_district);
      drop table move_new, move_old, moved;
    end if;
    drop table placed;
  end loop;
  return v_changed;
end $$;
