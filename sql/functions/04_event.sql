-- Writing events: one at a time or as a set, always with stamp, counts and marks in the same transaction. An event travels
-- as jsonb with the columns of its table; `location` is EWKT.

-- What an event counts for: its series and the day on which it counts. A hazard that has a deadline counts on it (hazard_due), there
-- too when it was closed in time (hazard_on_time), and on the later of deadline and closing when it is settled (hazard_settled): what is
-- overdue on a day is what was due before it less what was settled before it.
create or replace function event_counts(p_kind text, p_row jsonb)
returns table (kind text, source text, grade text, day date)
language sql immutable as $$
  select c.kind, p_row->>'source', p_row->>'grade', c.day
  from (select (p_row->>'day')::date as found, (p_row->>'due_on')::date as due, (p_row->>'closed_on')::date as closed, (p_row->>'reviewed_on')::date as reviewed) h
  cross join lateral (values
    ('hazard_found', h.found), ('hazard_closed', h.closed), ('hazard_due', h.due), ('hazard_on_time', case when h.closed <= h.due then h.due end),
    ('hazard_settled', case when h.closed is not null and h.due is not null then greatest(h.closed, h.due) end),
    ('hazard_reviewed', case when h.reviewed <= h.closed then h.closed end)) c (kind, day)
  where p_kind = 'hazard' and c.day is not null
  union all
  select p_kind, '', p_row->>'result', (p_row->>'day')::date where p_kind in ('inspection', 'patrol')
  union all
  select p_kind, '', accident_grade((p_row->>'deaths')::int, (p_row->>'serious_injuries')::int, (p_row->>'direct_loss_yuan')::numeric), (p_row->>'day')::date
  where p_kind = 'accident'
$$;

-- Counts an event (p_n = 1) or takes its counts back (-1), those of other map days included.
create or replace function count_in(p_kind text, p_district integer, p_row jsonb, p_n integer) returns void
language plpgsql as $$
begin
  perform count_event(p_district, c.kind, c.source, c.grade, (p_row->>'chain_id')::int, c.day, p_n)
  from event_counts(p_kind, p_row) c;
  insert into tally_move (district_id, series_id, day, stamped, placed, valid, n)
  select p_district, series_of(c.kind, c.source, c.grade), c.day, coalesce(h.leaf, 0), coalesce(m.leaf, 0), m.valid, p_n
  from event_move m
  join chain h on h.id = (p_row->>'chain_id')::int
  cross join event_counts(p_kind, p_row) c
  where m.district_id = p_district and m.event_id = (p_row->>'id')::uuid and upper_inf(m.recorded);
  if p_kind in ('inspection', 'patrol') and p_n > 0 then
    perform mark_visits(p_kind, p_district, (p_row->>'enterprise_id')::bigint, (p_row->>'day')::date);
  end if;
end $$;

-- Places an event: stamp of its day into the row, and where it stands on the map days that see it elsewhere.
create or replace function stamp(p_district integer, p_row jsonb) returns jsonb
language plpgsql as $$
declare
  v_leaf bigint; v_rule text; v_day date := (p_row->>'day')::date;
  v_enterprise bigint := (p_row->>'enterprise_id')::bigint; v_point geometry := (p_row->>'location')::geometry;
begin
  select leaf, rule into v_leaf, v_rule from place(p_district, v_day, v_enterprise, v_point, p_row->>'cell_code');
  if v_enterprise is not null or (select count(*) from map_epoch where district_id = p_district) > 1 then
    insert into event_move (district_id, event_id, day, leaf, valid)
    select p_district, (p_row->>'id')::uuid, v_day, s.leaf, s.valid
    from places(p_district, v_enterprise, v_point, p_row->>'cell_code') s
    where s.leaf is distinct from v_leaf;
  end if;
  return p_row || jsonb_build_object('district_id', p_district, 'rule', v_rule,
                                     'chain_id', chain_of(p_district, v_leaf, v_day),
                                     'recorded', tstzrange(now(), null));
end $$;

-- Writes a new event. A known id is an error of class 23505.
create or replace function event_record(p_kind text, p_district integer, p_row jsonb, p_actor text, p_request text)
returns void language plpgsql as $$
declare v_row jsonb;
begin
  insert into event_key (district_id, id, kind, day)
  values (p_district, (p_row->>'id')::uuid, p_kind, (p_row->>'day')::date);
  if p_kind = 'accident' then p_row := '{"deaths": 0, "serious_injuries": 0, "direct_loss_yuan": 0}' || p_row; end if;
  v_row := stamp(p_district, p_row);
  execute format('insert into %1$I select * from jsonb_populate_record(null::%1$I, $1)', p_kind) using v_row;
  perform count_in(p_kind, p_district, v_row, 1);
  perform trail(p_district, p_actor, 'create', p_kind, p_row->>'id', null, null, v_row, p_request);
  perform bump(p_district, false);
end $$;

-- Writes the rows of the temporary table incoming (external_id, row) as a set. New ones are added, changed ones
-- corrected, equal ones left. The audit row is the caller's.
create or replace function events_import(p_kind text, p_district integer, p_actor text,
                                         out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
begin
  create temp table known (external_id text, row jsonb, id uuid, differs boolean) on commit drop;
  execute format($q$insert into known
    select i.external_id, i.row - '{id,at_cell}'::text[], e.id, jsonb_populate_record(e, i.row - 'id') is distinct from e
    from incoming i join %I e on e.district_id = $1 and e.external_id = i.external_id and upper_inf(e.recorded)$q$, p_kind)
    using p_district;
  select count(*) filter (where differs), count(*) filter (where not differs) into changed, same from known;
  perform event_correct(p_kind, p_district, id, '*', row, p_actor, 'import', null) from known where differs;

  -- What was withdrawn stays withdrawn.
  delete from incoming i where exists (select from event_key k where k.district_id = p_district and k.id = (i.row->>'id')::uuid)
    and not exists (select from known k where k.external_id = i.external_id);
  create temp table fresh on commit drop as
    select row_number() over () as n, i.row || jsonb_build_object('district_id', p_district, 'external_id', i.external_id,
                                       'recorded', tstzrange(now(), null)) as row,
           (i.row->>'id')::uuid as id, (i.row->>'day')::date as day, (i.row->>'enterprise_id')::bigint as enterprise_id,
           (i.row->>'location')::geometry as point, i.row->>'cell_code' as cell_code,
           (i.row->>'at_cell')::bigint as at_cell,
           null::bigint as leaf, null::text as rule, null::integer as chain_id
    from incoming i
    where not exists (select from known k where k.external_id = i.external_id);
  perform events_place(p_district);
  analyze fresh;
  perform events_chain(p_district);
  insert into event_key (district_id, id, kind, day) select p_district, id, p_kind, day from fresh;
  execute format('insert into %1$I select r.* from fresh f,
                  jsonb_populate_record(null::%1$I, f.row || jsonb_build_object(''chain_id'', f.chain_id, ''rule'', f.rule)) r', p_kind);
  perform events_move(p_kind, p_district);
  insert into tally_pending (district_id, series_id, chain_id, day, n)
  select p_district, series_of(kind, source, grade), chain_id, day, n from (
    select c.kind, c.source, c.grade, f.chain_id, c.day, count(*) as n
    from fresh f, event_counts(p_kind, f.row) c group by 1, 2, 3, 4, 5) x;
  if p_kind in ('inspection', 'patrol') then
    perform mark_years(p_kind, p_district);
  end if;
  select count(*) into added from fresh;
  drop table known, fresh;
end $$;

-- Places the rows of fresh by the rule of place(), as a set; at_cell is the deepest cell at their point, found by the importer's snapshot.
create or replace function events_place(p_district integer) returns void
language plpgsql as $$
begin
  analyze fresh;
  update fresh f set leaf = p.parent_id, rule = 'enterprise'
  from cell_parent p
  where p.district_id = p_district and p.cell_id = f.enterprise_id and p.valid @> f.day and upper_inf(p.recorded);
  update fresh f set leaf = f.at_cell, rule = 'shape' where f.leaf is null and f.at_cell is not null;
  update fresh f set (leaf, rule) = (select p.leaf, p.rule from place(p_district, f.day, null, null, f.cell_code) p)
  where f.leaf is null;
end $$;

-- Gives the rows of fresh their chains, as a set.
create or replace function events_chain(p_district integer) returns void
language plpgsql as $$
begin
  create temp table path on commit drop as select * from paths(p_district, 'infinity');
  insert into chain (district_id, district_cell, town_cell, village_cell)
  select distinct p_district, p.district_cell, p.town_cell, p.village_cell
  from (select distinct leaf, day from fresh) f
  left join path p on p.leaf = f.leaf and p.valid @> f.day
  on conflict on constraint chain_unique do nothing;
  update fresh f set chain_id = h.id
  from (select distinct leaf, day from fresh) d
  left join path p on p.leaf = d.leaf and p.valid @> d.day
  join chain h on h.district_id = p_district and h.district_cell is not distinct from p.district_cell
    and h.town_cell is not distinct from p.town_cell and h.village_cell is not distinct from p.village_cell
  where f.leaf is not distinct from d.leaf and f.day = d.day;
  drop table path;
end $$;

-- Notes for the rows of fresh where they stand on map days that see them elsewhere; nothing to do on a map of one day.
create or replace function events_move(p_kind text, p_district integer) returns void
language plpgsql as $$
begin
  if (select count(*) from map_epoch where district_id = p_district) <= 1 and not exists (
      select from cell_parent p join cell c on c.district_id = p.district_id and c.id = p.cell_id and c.level = 4
      where p.district_id = p_district and upper_inf(p.recorded)
        and (upper(p.valid) is not null or lower(p.valid) > (select holds_from from district where id = p_district))) then
    return;
  end if;
  insert into event_move (district_id, event_id, day, leaf, valid)
  select p_district, f.id, f.day, s.leaf, s.valid
  from fresh f, places(p_district, f.enterprise_id, f.point, f.cell_code) s
  where s.leaf is distinct from f.leaf;
  insert into tally_move (district_id, series_id, day, stamped, placed, valid, n)
  select p_district, series_of(kind, source, grade), day, stamped, placed, valid, n from (
    select c.kind, c.source, c.grade, c.day, coalesce(f.leaf, 0) as stamped, coalesce(m.leaf, 0) as placed, m.valid,
           count(*) as n
    from fresh f join event_move m on m.district_id = p_district and m.event_id = f.id and upper_inf(m.recorded)
    cross join event_counts(p_kind, f.row) c group by 1, 2, 3, 4, 5, 6, 7) x;
end $$;
