-- What a plan that has just been carried out changes, told from what was known right before it (applied_at) and what is known now.

-- Makes the temporary table handed: the open hazards that another cell, or another town, answers for on the plan's day than before it. `is_case`: it was transferred to
-- enforcement (移送); p_cases: those alone.
create or replace function hazards_handed(r reassignment, p_cases boolean) returns void
language plpgsql as $$
declare v_known timestamptz := r.applied_at - interval '1 us';
begin
  create temp table way_before on commit drop as select w.leaf, w.town_cell from paths(r.district_id, v_known) w where w.valid @> r.effective_on;
  create temp table way_after on commit drop as select w.leaf, w.town_cell from paths(r.district_id, 'infinity') w where w.valid @> r.effective_on;
  create temp table turned on commit drop as
    select leaf from way_before b full join way_after a using (leaf) where b.town_cell is distinct from a.town_cell or b.leaf is null or a.leaf is null;
  -- Those that stand, or stood, in what turned, and those that were placed or stamped anew.
  create temp table candidate on commit drop as
    with hit as (
      select h.id, h.day from chain c join hazard h on h.district_id = r.district_id and h.chain_id = c.id and h.closed_on is null and upper_inf(h.recorded)
      where c.district_id = r.district_id and c.leaf in (select leaf from turned) and (not p_cases or h.transferred_on is not null)
      union
      select m.event_id, m.day from event_move m where m.district_id = r.district_id and m.leaf in (select leaf from turned) and m.valid @> r.effective_on and m.recorded @> v_known
      union
      select m.event_id, m.day from event_move m where m.district_id = r.district_id and (lower(m.recorded) >= r.applied_at or upper(m.recorded) >= r.applied_at) and m.valid @> r.effective_on
      union
      select p.event_id, p.day from replaced p where p.kind = 'hazard')
    select h.id, h.day, h.transferred_on is not null as is_case, h.chain_id, h.chain_id as chain_before, h.recorded
    from hit t join hazard h on h.district_id = r.district_id and h.id = t.id and h.day = t.day and upper_inf(h.recorded) and h.closed_on is null and (not p_cases or h.transferred_on is not null);
  analyze candidate;
  update candidate c set chain_before = o.chain_id from hazard o
  where not c.recorded @> v_known and o.district_id = r.district_id and o.id = c.id and o.day = c.day and o.recorded @> v_known;
  create temp table handed on commit drop as
    select s.* from (
      select c.id, c.is_case, case when m0.event_id is null then h0.leaf else m0.leaf end as leaf_before, case when p.event_id is not null then p.leaf_after when m1.event_id is null then h1.leaf else m1.leaf end as leaf_after
      from candidate c left join replaced p on p.event_id = c.id join chain h0 on h0.id = c.chain_before join chain h1 on h1.id = c.chain_id
      left join event_move m0 on m0.district_id = r.district_id and m0.event_id = c.id and m0.valid @> r.effective_on and m0.recorded @> v_known
      left join event_move m1 on m1.district_id = r.district_id and m1.event_id = c.id and m1.valid @> r.effective_on and upper_inf(m1.recorded)) s
    left join way_before b on b.leaf = s.leaf_before left join way_after a on a.leaf = s.leaf_after
    where s.leaf_before is distinct from s.leaf_after or b.town_cell is distinct from a.town_cell;
  drop table way_before, way_after, turned, candidate;
end $$;

-- Notes who keeps the open hazards that change hands, where the plan says that they stay with whom they were.
create or replace function hazards_keep(r reassignment) returns void
language plpgsql as $$
begin
  if r.open_hazards = 'move' and r.open_cases = 'move' or not exists (select from reassigned) then return; end if;
  perform hazards_handed(r, r.open_hazards = 'move');
  -- Whoever kept one already keeps it.
  insert into hazard_keeper (district_id, hazard_id, cell_id, plan, valid, recorded)
  select r.district_id, h.id, h.leaf_before, r.id, daterange(r.effective_on, null), tstzrange(clock_timestamp(), null) from handed h
  where h.leaf_before is not null and case when h.is_case then r.open_cases else r.open_hazards end = 'stay' and not exists (
    select from hazard_keeper k where k.district_id = r.district_id and k.hazard_id = h.id and k.valid && daterange(r.effective_on, null) and upper_inf(k.recorded));
  drop table handed;
end $$;

-- How many enterprises change hands, and who held and holds the posts that do.
create or replace function reassignment_effects(p_id uuid) returns jsonb
language sql stable as $$
  with plan as (select *, applied_at - interval '1 us' as known from reassignment where id = p_id),
  post as (
    select a.cell_id, a.post, jsonb_agg(a.person_id order by a.person_id) filter (where a.recorded @> r.known) as before, jsonb_agg(a.person_id order by a.person_id) filter (where upper_inf(a.recorded)) as after
    from plan r join assignment a on a.district_id = r.district_id and a.valid @> r.effective_on and (a.recorded @> r.known or upper_inf(a.recorded)) group by 1, 2)
  select jsonb_build_object(
    'enterprises', (select count(*) from plan r join cell_parent p on p.district_id = r.district_id join cell c on c.district_id = p.district_id and c.id = p.cell_id and c.level = 4
      where p.valid @> r.effective_on and upper_inf(p.recorded) and lower(p.recorded) >= r.applied_at
        and not exists (select from cell_parent o where o.district_id = r.district_id and o.cell_id = c.id and o.valid @> r.effective_on and o.recorded @> r.known and o.parent_id = p.parent_id)),
    'posts', (select coalesce(jsonb_agg(jsonb_build_object('cell', cell_id, 'post', post, 'before', coalesce(before, '[]'), 'after', coalesce(after, '[]')) order by cell_id, post), '[]')
              from post where before is distinct from after))
$$;

-- Open hazards that change hands, as it is told: how many (p_open, with cases), how many cases, and which cases (the first 1000).
create or replace function handed_doc(p_stays boolean, p_open bigint, p_ids uuid[], p_before bigint[], p_after bigint[]) returns jsonb language sql immutable as $$
  select jsonb_build_object('open_hazards', p_open - coalesce(cardinality(p_ids), 0), 'open_cases', coalesce(cardinality(p_ids), 0),
    'cases', (select coalesce(jsonb_agg(jsonb_build_object('hazard', h.id, 'before', h.before, 'after', h.after, 'stays', p_stays) order by h.id), '[]')
              from (select * from unnest(p_ids, p_before, p_after) h (id, before, after) order by id limit 1000) h))
$$;

-- Those that change hands by a plan that has just been carried out.
create or replace function reassignment_handed(p_id uuid) returns jsonb
language plpgsql as $$
declare r reassignment; v_out jsonb;
begin
  select * into r from reassignment where id = p_id;
  perform hazards_handed(r, false);
  select handed_doc(r.open_cases = 'stay', count(*), array_agg(id) filter (where is_case), array_agg(leaf_before) filter (where is_case), array_agg(leaf_after) filter (where is_case)) into v_out from handed;
  drop table handed;
  return v_out;
end $$;

-- The same by a plan that leaves each event in its cell, told without carrying it out: p_turned are cells that belong to another town then, begin or end, p_open how many
-- open hazards stand in them.
create or replace function reassignment_handed(p_id uuid, p_turned bigint[], p_open bigint) returns jsonb language sql stable as $$
  select handed_doc(max(r.open_cases) = 'stay', p_open, array_agg(h.id) filter (where h.id is not null), array_agg(h.leaf) filter (where h.id is not null), array_agg(h.leaf) filter (where h.id is not null))
  from reassignment r left join lateral (
    select z.id, case when m.event_id is null then c.leaf else m.leaf end as leaf
    from hazard z join chain c on c.id = z.chain_id
    left join event_move m on m.district_id = z.district_id and m.event_id = z.id and m.valid @> r.effective_on and upper_inf(m.recorded)
    where z.district_id = r.district_id and z.transferred_on is not null and z.closed_on is null and upper_inf(z.recorded)) h on h.leaf = any(p_turned)
  where r.id = p_id
$$;

-- The cells and enterprises of which a plan that has just been carried out changes something, the posts of their own among it.
create or replace function reassigned_cells(p_id uuid) returns setof bigint
language plpgsql stable as $$
begin
  return query
  select x.cell_id from reassigned x
  union
  select a.cell_id from reassignment r join assignment a on a.district_id = r.district_id and a.valid @> r.effective_on
    and (upper_inf(a.recorded) and lower(a.recorded) >= r.applied_at or not upper_inf(a.recorded) and upper(a.recorded) >= r.applied_at) where r.id = p_id;
end $$;

-- What the events count for that the temporary table replaced names, by where they stand before and after. p_recurrences: by what came again too.
create or replace function replaced_counts(p_district integer, p_recurrences boolean)
returns table (kind text, source text, grade text, day date, leaf_before bigint, leaf_after bigint, n bigint)
language plpgsql stable as $$
declare k text;
begin
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    return query execute format($q$
      select c.kind, c.source, c.grade, c.day, coalesce(p.leaf_before, 0), coalesce(p.leaf_after, 0), count(*)
      from replaced p join %1$I e on e.district_id = $1 and e.id = p.event_id and e.day = p.day and upper_inf(e.recorded)
      cross join lateral event_counts(%1$L, %2$s) c where p.kind = %1$L group by 1, 2, 3, 4, 5, 6$q$, k, counted_columns(k)) using p_district;
  end loop;
  if not p_recurrences then return; end if;
  return query
    select c.kind, e.source, e.grade, e.closed_on, coalesce(p.leaf_before, 0), coalesce(p.leaf_after, 0), count(*)
    from replaced p join hazard e on e.district_id = p_district and e.id = p.event_id and e.day = p.day and upper_inf(e.recorded)
    cross join lateral (select 'hazard_followed' as kind union all select 'hazard_recurred' where hazard_recurred(e, 'infinity')) c
    where p.kind = 'hazard' and e.closed_on is not null and e.enterprise_id is not null and e.category is not null group by 1, 2, 3, 4, 5, 6;
end $$;

-- How the hazards went that the temporary table replaced names, by where they stand before and after.
create or replace function replaced_courses(p_district integer)
returns table (source text, grade text, found date, closed date, leaf_before bigint, leaf_after bigint, n bigint)
language plpgsql stable as $$
begin
  return query
    select e.source, e.grade, e.day, e.closed_on, coalesce(p.leaf_before, 0), coalesce(p.leaf_after, 0), count(*)
    from replaced p join hazard e on e.district_id = p_district and e.id = p.event_id and e.day = p.day and upper_inf(e.recorded) where p.kind = 'hazard' group by 1, 2, 3, 4, 5, 6;
end $$;

-- The open hazards of the temporary table replaced as the load of those who follow them up counts them: those of an enterprise stand with it.
create or replace function replaced_open(p_district integer, p_day date) returns table (leaf_before bigint, leaf_after bigint, n bigint)
language plpgsql stable as $$
begin
  return query
    select coalesce(p.leaf_before, 0), coalesce(p.leaf_after, 0), count(*)
    from replaced p join hazard e on e.district_id = p_district and e.id = p.event_id and e.day = p.day and upper_inf(e.recorded)
    where p.kind = 'hazard' and e.day <= p_day and (e.closed_on is null or e.closed_on > p_day) group by 1, 2;
end $$;
