-- Writing events as a set: staged by COPY in a temporary table of the columns of their kind, placed, stamped and counted in a few
-- statements each.

-- Makes the temporary table incoming_event: the columns of a kind, the deepest cell at the point as the importer's snapshot found it,
-- and the leaf that the event is placed in.
create or replace function events_stage(p_kind text) returns void
language plpgsql as $$
begin
  if to_regclass('pg_temp.incoming_event') is not null then drop table incoming_event; end if;
  execute format('create temp table incoming_event on commit drop as select e.*, null::bigint as at_cell, null::bigint as leaf from %I e limit 0', p_kind);
end $$;

-- Writes the rows of incoming_event. New ones are added, changed ones corrected, equal ones left. The audit row is the caller's.
create or replace function events_import(p_kind text, p_district integer, p_actor text,
                                         out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
declare v_columns text;
begin
  analyze incoming_event;
  select k.changed, k.same into changed, same from events_known(p_kind, p_district, p_actor) k;
  -- What was withdrawn stays withdrawn.
  delete from incoming_event i using event_key k where k.district_id = p_district and k.id = i.id;
  if p_kind = 'accident' then
    execute 'update incoming_event set deaths = coalesce(deaths, 0), serious_injuries = coalesce(serious_injuries, 0), direct_loss_yuan = coalesce(direct_loss_yuan, 0)';
  end if;
  perform events_stamp(p_district);
  insert into event_key (district_id, id, kind, day) select p_district, id, p_kind, day from incoming_event;
  get diagnostics added = row_count;
  select string_agg(quote_ident(attname), ', ' order by attnum) into v_columns
  from pg_attribute where attrelid = p_kind::regclass and attnum > 0 and not attisdropped;
  execute format('insert into %1$I (%2$s) select %2$s from incoming_event', p_kind, v_columns);
  perform events_move(p_kind, p_district);
  execute format($q$
    insert into tally_pending (district_id, chain_id, kind, source, grade, day, due_on, closed_on, reviewed_on, enterprise_id, category, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n)
    select $1, e.chain_id, %1$L, %2$s, %3$s, count(*) from incoming_event e group by 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16$q$, p_kind, counted_columns(p_kind), told_columns(p_kind)) using p_district;
  if p_kind in ('inspection', 'patrol') then perform mark_years(p_kind, p_district); end if;
  drop table incoming_event;
end $$;

-- Takes the rows of events that are known from incoming_event, and corrects those of which the file says something else. What it does
-- not say stays as it is.
create or replace function events_known(p_kind text, p_district integer, p_actor text, out changed bigint, out same bigint)
language plpgsql as $$
declare v_differs text;
begin
  select string_agg(format('i.%1$I is not null and i.%1$I is distinct from e.%1$I', attname), ' or ') into v_differs
  from pg_attribute where attrelid = p_kind::regclass and attnum > 0 and not attisdropped
    and attname not in ('district_id', 'id', 'chain_id', 'rule', 'external_id', 'recorded');
  create temp table known (incoming uuid, id uuid, differs boolean) on commit drop;
  execute format('insert into known select i.id, e.id, %s from incoming_event i
                  join %I e on e.district_id = $1 and e.external_id = i.external_id and upper_inf(e.recorded)', v_differs, p_kind) using p_district;
  select count(*) filter (where differs), count(*) filter (where not differs) into changed, same from known;
  perform event_correct(p_kind, p_district, k.id, '*', jsonb_strip_nulls(
            to_jsonb(i) - '{id,at_cell,leaf}'::text[] || jsonb_build_object('location', i.location::text)), p_actor, 'import', null)
  from known k join incoming_event i on i.id = k.incoming where k.differs;
  delete from incoming_event i using known k where i.id = k.incoming;
  drop table known;
end $$;

-- Places the rows of incoming_event by the rule of place() and stamps them, as a set.
create or replace function events_stamp(p_district integer) returns void
language plpgsql as $$
begin
  create temp table placed on commit drop as
    with coded as materialized (
      select c.cell_code, c.day, (place(p_district, c.day, null, null, c.cell_code)).leaf
      from (select distinct cell_code, day from incoming_event where at_cell is null and cell_code is not null) c)
    select i.id, i.day, coalesce(p.parent_id, i.at_cell, c.leaf) as leaf,
           case when p.parent_id is not null then 'enterprise' when i.at_cell is not null then 'shape' when c.leaf is not null then 'code' else 'unplaced' end as rule,
           null::integer as chain_id
    from incoming_event i
    left join cell_parent p on p.district_id = p_district and p.cell_id = i.enterprise_id and p.valid @> i.day and upper_inf(p.recorded)
    left join coded c on c.cell_code = i.cell_code and c.day = i.day;
  analyze placed;
  perform chains_make(p_district);
  update incoming_event i
  set leaf = p.leaf, rule = p.rule, chain_id = p.chain_id, district_id = p_district, recorded = tstzrange(now(), null)
  from placed p where p.id = i.id;
  drop table placed;
end $$;

-- Notes where the rows of incoming_event stand on map days that see them elsewhere; nothing to do on a map of one day, unless something happened before it.
create or replace function events_move(p_kind text, p_district integer) returns void
language plpgsql as $$
begin
  if (select count(*) from map_epoch where district_id = p_district) <= 1
     and not exists (select from incoming_event where day < (select holds_from from district where id = p_district)) and not exists (
      select from cell_parent p join cell c on c.district_id = p.district_id and c.id = p.cell_id and c.level = 4
      where p.district_id = p_district and upper_inf(p.recorded)
        and (upper(p.valid) is not null or lower(p.valid) > (select holds_from from district where id = p_district))) then
    return;
  end if;
  create temp table seated on commit drop as
    select id, enterprise_id, location, cell_code, dense_rank() over (order by enterprise_id, location, cell_code) as site from incoming_event;
  create temp table site on commit drop as select distinct on (s.site) s.site as id, s.enterprise_id, s.location, s.cell_code from seated s order by s.site;
  perform sites_place(p_district);
  insert into event_move (district_id, event_id, day, leaf, valid)
  select p_district, i.id, i.day, a.leaf, a.valid
  from incoming_event i join seated s on s.id = i.id join site_span a on a.id = s.site
  where lower(a.valid) >= (select holds_from from district where id = p_district) and a.leaf is distinct from i.leaf;
  drop table seated, site, site_span;
  insert into chain_move (district_id, stamped, placed, valid)
  select distinct p_district, coalesce(i.leaf, 0), coalesce(m.leaf, 0), m.valid from incoming_event i join event_move m on m.district_id = p_district and m.event_id = i.id and upper_inf(m.recorded)
  on conflict on constraint chain_move_unique do nothing;
  execute format($q$
    insert into tally_pending (district_id, chain_id, kind, source, grade, day, due_on, closed_on, reviewed_on, enterprise_id, category, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n)
    select $1, v.id, %1$L, %2$s, %3$s, count(*)
    from incoming_event e join event_move m on m.district_id = $1 and m.event_id = e.id and upper_inf(m.recorded)
    join chain_move v on v.district_id = $1 and v.stamped = coalesce(e.leaf, 0) and v.placed = coalesce(m.leaf, 0) and v.valid = m.valid
    group by 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16$q$, p_kind, counted_columns(p_kind), told_columns(p_kind)) using p_district;
end $$;
