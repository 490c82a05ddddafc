-- Writing events one at a time, always with stamp, counts and marks in the same transaction. An event travels
-- as jsonb with the columns of its table; `location` is EWKB in hexadecimal digits, or EWKT.

-- What an event counts for: its series and the day on which it counts. A hazard that has a deadline counts on it (hazard_due), there
-- too when it was closed in time (hazard_on_time), and on the later of deadline and closing when it is settled (hazard_settled): what is
-- overdue on a day is what was due before it less what was settled before it. One whose review was passed by then counts on its closing
-- (hazard_reviewed), so that it stands beside hazard_closed in any window. The arguments are those of counted_columns().
create or replace function event_counts(p_kind text, p_source text, p_grade text, p_day date, p_due date, p_closed date, p_reviewed date)
returns table (kind text, source text, grade text, day date)
language sql immutable as $$
  select c.kind, p_source, p_grade, c.day
  from (values
    ('hazard_found', p_day), ('hazard_closed', p_closed), ('hazard_due', p_due), ('hazard_on_time', case when p_closed <= p_due then p_due end),
    ('hazard_settled', case when p_closed is not null and p_due is not null then greatest(p_closed, p_due) end),
    ('hazard_reviewed', case when p_reviewed <= p_closed then p_closed end)) c (kind, day)
  where p_kind = 'hazard' and c.day is not null
  union all
  select p_kind, p_source, p_grade, p_day where p_kind <> 'hazard'
$$;

-- What tally_pending keeps of a row e of the table of a kind beside that: a hazard recurs at an enterprise, in a category, and stands in the official tables.
create or replace function told_columns(p_kind text) returns text
language sql immutable as $$
  select case p_kind when 'hazard' then 'e.enterprise_id, e.category, e.in_plan, e.five_in_place, e.funds_yuan, e.listed_on, e.listed_by = ''province'''
                     else 'null::bigint, null::text, null::boolean, null::boolean, null::numeric, null::date, null::boolean' end
$$;

-- What event_counts() takes from a row e of the table of a kind, as tally_pending keeps it: by what its series are divided, and the days that count.
create or replace function counted_columns(p_kind text) returns text
language sql immutable as $$
  select case p_kind when 'hazard' then 'e.source, e.grade, e.day, e.due_on, e.closed_on, e.reviewed_on'
                     when 'accident' then $q$'', accident_grade(e.deaths, e.serious_injuries, e.direct_loss_yuan), e.day, null::date, null::date, null::date$q$
                     else $q$'', e.result, e.day, null::date, null::date, null::date$q$ end
$$;

-- The same from an event as jsonb. Not called immutable, which a day read from text is not: it would be planned for each event anew, not with the statement that asks.
create or replace function counted_row(p_kind text, p_row jsonb)
returns table (source text, grade text, day date, due_on date, closed_on date, reviewed_on date, enterprise_id bigint, category text,
               in_plan boolean, five_in_place boolean, funds_yuan numeric, listed_on date, listed_by_province boolean)
language sql stable as $$
  select coalesce(p_row->>'source', ''),
         case p_kind when 'hazard' then p_row->>'grade' when 'accident' then accident_grade((p_row->>'deaths')::int, (p_row->>'serious_injuries')::int, (p_row->>'direct_loss_yuan')::numeric)
                     else p_row->>'result' end,
         (p_row->>'day')::date, (p_row->>'due_on')::date, (p_row->>'closed_on')::date, (p_row->>'reviewed_on')::date,
         case when p_kind = 'hazard' then (p_row->>'enterprise_id')::bigint end, case when p_kind = 'hazard' then p_row->>'category' end,
         (p_row->>'in_plan')::boolean, (p_row->>'five_in_place')::boolean, (p_row->>'funds_yuan')::numeric, (p_row->>'listed_on')::date, p_row->>'listed_by' = 'province'
$$;

-- Counts an event (p_n = 1) or takes its counts back (-1) where it stands on other days of the map.
create or replace function count_moves(p_kind text, p_district integer, p_row jsonb, p_n integer) returns void
language plpgsql as $$
begin
  insert into tally_pending (district_id, chain_id, kind, source, grade, day, due_on, closed_on, reviewed_on, enterprise_id, category, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n)
  select p_district, chain_move_of(p_district, coalesce(h.leaf, 0), coalesce(m.leaf, 0), m.valid), p_kind, r.*, p_n
  from event_move m
  join chain h on h.id = (p_row->>'chain_id')::int
  cross join counted_row(p_kind, p_row) r
  where m.district_id = p_district and m.event_id = (p_row->>'id')::uuid and upper_inf(m.recorded);
end $$;

-- Counts an event (p_n = 1) or takes its counts back (-1), those of other map days included if it has any.
create or replace function count_in(p_kind text, p_district integer, p_row jsonb, p_moved boolean, p_n integer) returns void
language plpgsql as $$
begin
  insert into tally_pending (district_id, chain_id, kind, source, grade, day, due_on, closed_on, reviewed_on, enterprise_id, category, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n)
  select p_district, (p_row->>'chain_id')::int, p_kind, r.*, p_n from counted_row(p_kind, p_row) r;
  if p_moved then perform count_moves(p_kind, p_district, p_row, p_n); end if;
  if p_n > 0 and p_kind in ('inspection', 'patrol') then
    perform mark_visits(p_kind, p_district, (p_row->>'enterprise_id')::bigint, (p_row->>'day')::date);
  end if;
end $$;

-- Places an event, as known from p_since on: gives its row the stamp of its day, and notes where it stands on the map days
-- that see it elsewhere; `moved` tells whether there are any. A server that has the map in memory may say in which leaf the point of an event without
-- enterprise lies on its day, on the map of which version, and with which chain (p_told): that is taken if the map is still of that version (`as_told`).
-- Written for its cost at each event: what plpgsql evaluates is set up anew in each transaction.
create or replace function stamp(p_district integer, p_since timestamptz, p_told told_place, inout p_row jsonb, out moved boolean, out as_told boolean)
language plpgsql as $$
declare v_day date; v_enterprise bigint; v_leaf bigint; v_rule text; v_chain integer; v_changes boolean; v_days date[];
begin
  perform pg_advisory_xact_lock_shared(7102, p_district);  -- map_held(p_district, false)
  -- Mostly the map has one day, and what happens at no enterprise stands in one place.
  select p_told.leaf is not null and p_row->>'enterprise_id' is null and d.map_version = p_told.map_version, false,
         p_row->>'enterprise_id' is not null or (select count(*) > 1 or bool_or(m.day > (p_row->>'day')::date) from (select day from map_epoch where district_id = p_district limit 2) m)
    into as_told, moved, v_changes from district d where d.id = p_district;
  if as_told and p_told.chain_id is not null and not v_changes then
    p_row := p_row || jsonb_build_object('district_id', p_district, 'rule', 'shape', 'chain_id', p_told.chain_id, 'recorded', tstzrange(p_since, null));
    return;
  end if;
  v_day := p_row->>'day'; v_enterprise := p_row->>'enterprise_id';
  if as_told then
    v_leaf := p_told.leaf; v_rule := 'shape'; v_chain := p_told.chain_id;
  else
    select p.leaf, p.rule into v_leaf, v_rule from place(p_district, v_day, v_enterprise, (p_row->>'location')::geometry, p_row->>'cell_code') p;
  end if;
  if v_changes then
    select array_agg(d order by d) into v_days from place_days(p_district, v_enterprise, (p_row->>'location')::geometry, p_row->>'cell_code') d;
    if cardinality(v_days) > 1 or v_day < v_days[1] then
      insert into event_move (district_id, event_id, day, leaf, valid, recorded)
      select p_district, (p_row->>'id')::uuid, v_day, s.leaf, s.valid, tstzrange(p_since, null)
      from (select (place(p_district, d, v_enterprise, (p_row->>'location')::geometry, p_row->>'cell_code')).leaf, daterange(d, lead(d) over (order by d)) as valid from unnest(v_days) d) s
      where s.leaf is distinct from v_leaf;
      moved := found;
    end if;
  end if;
  if v_chain is null then v_chain := chain_of(p_district, v_leaf, v_day); end if;
  p_row := p_row || jsonb_build_object('district_id', p_district, 'rule', v_rule, 'chain_id', v_chain, 'recorded', tstzrange(p_since, null));
end $$;

-- Puts a stamped event into the table of its kind: one statement each, so that their plans are kept.
create or replace function event_put(p_kind text, p_row jsonb) returns void
language plpgsql as $$
begin
  case p_kind
    when 'hazard' then insert into hazard select * from jsonb_populate_record(null::hazard, p_row);
    when 'inspection' then insert into inspection select * from jsonb_populate_record(null::inspection, p_row);
    when 'patrol' then insert into patrol select * from jsonb_populate_record(null::patrol, p_row);
    when 'accident' then insert into accident select * from jsonb_populate_record(null::accident, p_row);
  end case;
end $$;

-- Writes a new event. A known id is an error of class 23505. Returns whether it stands where it was told (stamp).
create or replace function event_record(p_kind text, p_district integer, p_row jsonb, p_actor text, p_request text, p_told told_place) returns boolean
language plpgsql as $$
declare r record;
begin
  if p_kind = 'accident' then p_row := '{"deaths": 0, "serious_injuries": 0, "direct_loss_yuan": 0}' || p_row; end if;
  r := stamp(p_district, now(), p_told, p_row);
  perform event_put(p_kind, r.p_row);
  with key as (
         insert into event_key (district_id, id, kind, day) values (p_district, (p_row->>'id')::uuid, p_kind, (p_row->>'day')::date)),
       counted as (
         insert into tally_pending (district_id, chain_id, kind, source, grade, day, due_on, closed_on, reviewed_on, enterprise_id, category, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n)
         select p_district, (r.p_row->>'chain_id')::int, p_kind, c.*, 1 from counted_row(p_kind, p_row) c),
       noted as (
         insert into audit (district_id, actor, action, entity, entity_id, after, request_id)
         values (p_district, p_actor, 'create', p_kind, p_row->>'id', r.p_row, p_request)),
       told as (
         insert into outbox (district_id, topic, payload, chain_id, enterprise_id)
         values (p_district, p_kind || '.create', jsonb_build_object('id', p_row->>'id'), (r.p_row->>'chain_id')::int, (p_row->>'enterprise_id')::bigint))
  update district_version set data = data + 1 where district_id = p_district and slot = pg_backend_pid() % 16;
  if not found then perform version_up(p_district, false, false); end if;
  if r.moved then perform count_moves(p_kind, p_district, r.p_row, 1); end if;
  if p_kind in ('inspection', 'patrol') then perform mark_visits(p_kind, p_district, (p_row->>'enterprise_id')::bigint, (p_row->>'day')::date); end if;
  return coalesce(r.as_told, false);
end $$;
