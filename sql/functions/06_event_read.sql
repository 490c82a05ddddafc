-- Reading events: who they count for in each mode, as known at an instant ('infinity': now).

-- The version of a dated row: what If-Match names.
create or replace function version_of(p_recorded tstzrange) returns text language sql immutable parallel safe as $$
  select (extract(epoch from lower(p_recorded)) * 1000000)::bigint::text
$$;

-- The grade of an accident by Order 493, article 3: the highest of its three criteria; 以上 includes the number.
create or replace function accident_grade(p_deaths integer, p_injuries integer, p_loss numeric) returns text
language sql immutable parallel safe as $$
  select case when p_deaths >= 30 or p_injuries >= 100 or p_loss >= 100000000 then 'extraordinary'
              when p_deaths >= 10 or p_injuries >= 50 or p_loss >= 50000000 then 'serious'
              when p_deaths >= 3 or p_injuries >= 10 or p_loss >= 10000000 then 'larger'
              else 'ordinary' end
$$;

-- Events as they stand now, with what the server's memory of points (service/event_points) chooses them by.
create or replace view event_point as
  select 'hazard' as kind, district_id, id, day, closed_on, location, enterprise_id, chain_id, source, grade, category, null::text as result, null::text as outcome from hazard where upper_inf(recorded)
  union all
  select 'inspection', district_id, id, day, null, location, enterprise_id, chain_id, null, null, null, result, outcome from inspection where upper_inf(recorded)
  union all
  select 'patrol', district_id, id, day, null, location, enterprise_id, chain_id, null, null, null, result, outcome from patrol where upper_inf(recorded)
  union all
  select 'accident', district_id, id, day, null, location, enterprise_id, chain_id, null, null, category, null, null from accident where upper_inf(recorded);

-- Where a hazard stands in its loop, from the days that its steps set.
create or replace function hazard_state(p_graded date, p_ordered date, p_due date, p_transferred date, p_rectified date, p_reviewed date, p_closed date)
returns text language sql immutable parallel safe as $$
  select case when p_closed is not null then 'closed' when p_reviewed is not null then 'reviewed' when p_rectified is not null then 'rectified'
              when p_transferred is not null then 'transferred' when p_ordered is not null or p_due is not null then 'rectifying'
              when p_graded is not null then 'graded' else 'found' end
$$;

-- An event as it is told, as the text of an expression over e (its row) and the leaf that it counts for: its columns without what is internal.
-- Written out, since to_jsonb of a whole row asks for the system of its point each time: six times slower.
create or replace function event_doc(p_kind text, p_leaf text) returns text language sql stable as $$
  select format('jsonb_build_object(%s, ''district'', e.district_id, ''enterprise'', e.enterprise_id, ''cell'', %s, ''lon'', ST_X(e.location), '
                '''lat'', ST_Y(e.location), ''version'', version_of(e.recorded)%s)',
                string_agg(format('%1$L, e.%1$I', attname), ', ' order by attnum), p_leaf,
                case p_kind when 'accident' then ', ''grade'', accident_grade(e.deaths, e.serious_injuries, e.direct_loss_yuan)'
                            when 'hazard' then ', ''state'', hazard_state(e.graded_on, e.ordered_on, e.due_on, e.transferred_on, e.rectified_on, e.reviewed_on, e.closed_on)' else '' end)
  from pg_attribute
  where attrelid = p_kind::regclass and attnum > 0 and not attisdropped
    and attname not in ('district_id', 'enterprise_id', 'location', 'chain_id', 'recorded')
$$;

-- Events by day and id, those that count for a cell. p_cell: null for all, 0 with p_direct for what lies in no cell.
-- p_map_day: null for the cell of their own day. p_filter says which; all of it must hold:
--   id, enterprise; from, to: the event's day; source, grade, result; state: of a hazard's loop; listed: under 挂牌督办;
--   open_at: hazards found before it and not closed before it; overdue_at: of those the ones whose deadline passed before it;
--   due_from, due_to: deadline; on_time: closed by it; closed_from, closed_to: closing; reviewed: 复查 passed by then;
--   recurred: found again at the same enterprise and category within 90 days of closing; followable: this can be told.
create or replace function events_list(
  p_kind text, p_district integer, p_cell bigint, p_direct boolean, p_map_day date, p_known timestamptz, p_filter jsonb,
  p_after_day date, p_after_id uuid, p_limit integer)
returns table (id uuid, day date, doc text) language plpgsql stable as $$
declare
  v_leaf text := 'h.leaf'; v_join text := ''; v_where text := ''; v_key text;
begin
  if p_map_day is not null then
    v_leaf := '(case when m.event_id is null then h.leaf else m.leaf end)';
    v_join := 'left join event_move m on m.district_id = e.district_id and m.event_id = e.id and m.valid @> $3 and m.recorded @> $4';
  end if;
  if p_cell is not null and p_direct and p_cell = 0 then
    v_where := case when p_map_day is null then ' and h.leaf is null' else
      format(' and (%1$s is null or %1$s not in (select p.leaf from paths($1, $4) p where p.valid @> $3))', v_leaf) end;
  elsif p_cell is not null and p_direct then
    v_where := format(' and %s = $2', v_leaf);
  elsif p_cell is not null and p_map_day is null then
    v_where := ' and e.chain_id in (select c.id from chain c where c.district_id = $1 and $2 in (c.district_cell, c.town_cell, c.village_cell))';
  elsif p_cell is not null then
    v_where := format(' and %s in (select p.leaf from paths($1, $4) p where p.valid @> $3 and $2 in (p.district_cell, p.town_cell, p.village_cell))', v_leaf);
  end if;
  for v_key in select jsonb_object_keys(p_filter) loop
    v_where := v_where || ' and ' || event_condition(v_key);
  end loop;
  if p_after_day is not null then v_where := v_where || ' and (e.day, e.id) > ($6, $7)'; end if;
  return query execute format(
    'select e.id, e.day, %2$s::text
     from %1$I e join chain h on h.id = e.chain_id %3$s
     where e.district_id = $1 and e.recorded @> $4%4$s order by e.day, e.id limit $8', p_kind, event_doc(p_kind, v_leaf), v_join, v_where)
    using p_district, p_cell, p_map_day, p_known, p_filter, p_after_day, p_after_id, p_limit;
end $$;

-- The condition behind a key of a filter of events_list, where $5 is the filter and $4 the instant of knowledge.
create or replace function event_condition(p_key text) returns text language sql immutable as $$
  select case p_key
    when 'id' then $q$e.id = ($5->>'id')::uuid$q$
    when 'enterprise' then $q$e.enterprise_id = ($5->>'enterprise')::bigint$q$
    when 'from' then $q$e.day >= ($5->>'from')::date$q$
    when 'to' then $q$e.day < ($5->>'to')::date$q$
    when 'source' then $q$e.source = $5->>'source'$q$
    when 'grade' then $q$e.grade = $5->>'grade'$q$
    when 'result' then $q$e.result = $5->>'result'$q$
    when 'state' then $q$hazard_state(e.graded_on, e.ordered_on, e.due_on, e.transferred_on, e.rectified_on, e.reviewed_on, e.closed_on) = $5->>'state'$q$
    when 'listed' then $q$(e.listed_on is not null and e.unlisted_on is null) = ($5->>'listed')::boolean$q$
    when 'listed_from' then $q$e.listed_on >= ($5->>'listed_from')::date$q$
    when 'listed_to' then $q$e.listed_on < ($5->>'listed_to')::date$q$
    when 'listed_by' then $q$e.listed_by = $5->>'listed_by'$q$
    when 'in_plan' then $q$coalesce(e.in_plan, false) = ($5->>'in_plan')::boolean$q$
    when 'five_in_place' then $q$coalesce(e.five_in_place, false) = ($5->>'five_in_place')::boolean$q$
    when 'open_at' then $q$e.day < ($5->>'open_at')::date and (e.closed_on is null or e.closed_on >= ($5->>'open_at')::date)$q$
    when 'overdue_at' then $q$e.due_on < ($5->>'overdue_at')::date and (e.closed_on is null or e.closed_on >= ($5->>'overdue_at')::date)$q$
    when 'due_from' then $q$e.due_on >= ($5->>'due_from')::date$q$
    when 'due_to' then $q$e.due_on < ($5->>'due_to')::date$q$
    when 'on_time' then $q$coalesce(e.closed_on <= e.due_on, false) = ($5->>'on_time')::boolean$q$
    when 'closed_from' then $q$e.closed_on >= ($5->>'closed_from')::date$q$
    when 'closed_to' then $q$e.closed_on < ($5->>'closed_to')::date$q$
    when 'reviewed' then $q$coalesce(e.reviewed_on <= e.closed_on, false) = ($5->>'reviewed')::boolean$q$
    when 'followable' then $q$(e.enterprise_id is not null and e.category is not null) = ($5->>'followable')::boolean$q$
    when 'recurred' then $q$hazard_recurred(e, $4) = ($5->>'recurred')::boolean$q$
    else 'false' end
$$;

-- Whether a hazard of the same enterprise and category was found within 90 days of the closing of this one.
create or replace function hazard_recurred(h hazard, p_known timestamptz) returns boolean language sql stable as $$
  select exists (select from hazard r where r.district_id = h.district_id and r.enterprise_id = h.enterprise_id and r.category = h.category
                   and r.day > h.closed_on and r.day <= h.closed_on + 90 and r.id <> h.id and r.recorded @> p_known)
$$;

-- The cells and the enterprise that an event stands in, as stamped: whoever has a right on one of them has it on the event.
create or replace function event_way(p_kind text, p_district integer, p_id uuid) returns bigint[]
language plpgsql stable as $$
declare v bigint[];
begin
  execute format('select array_remove(array[e.enterprise_id, h.village_cell, h.town_cell, h.district_cell], null) from %I e
                  join chain h on h.id = e.chain_id join event_key k on k.district_id = e.district_id and k.id = e.id and k.day = e.day
                  where e.district_id = $1 and e.id = $2 and upper_inf(e.recorded)', p_kind) into v using p_district, p_id;
  return v;
end $$;

-- What is said of an enterprise on a day, as known at an instant.
create or replace function enterprise_doc(p_district integer, p_cell bigint, p_day date, p_known timestamptz, p_phones boolean) returns jsonb
language sql stable as $$
  select jsonb_build_object('id', c.id, 'district', p_district, 'scheme', k.scheme, 'code', k.code, 'name', n.name, 'kind', n.kind,
    'parent', p.parent_id, 'lon', ST_X(e.location), 'lat', ST_Y(e.location), 'address', e.address, 'industry', e.industry,
    'headcount', e.headcount, 'risk_grade', e.risk_grade, 'risk_colour', (array['red', 'orange', 'yellow', 'blue'])[e.risk_grade], 'principal', e.principal, 'phone', mask_phone(e.phone, p_phones), 'lead_department', e.lead_department,
    'valid', jsonb_build_object('from', lower(l.valid), 'to', upper(l.valid)))
  from cell c
  join cell_life l on l.district_id = p_district and l.cell_id = c.id and l.valid @> p_day and l.recorded @> p_known
  left join cell_code k on k.district_id = p_district and k.cell_id = c.id and k.valid @> p_day and k.recorded @> p_known
  left join cell_name n on n.district_id = p_district and n.cell_id = c.id and n.valid @> p_day and n.recorded @> p_known
  left join cell_parent p on p.district_id = p_district and p.cell_id = c.id and p.valid @> p_day and p.recorded @> p_known
  left join enterprise e on e.district_id = p_district and e.cell_id = c.id and e.valid @> p_day and e.recorded @> p_known
  where c.district_id = p_district and c.id = p_cell limit 1
$$;

-- Each leaf's last way up in [p_from, p_to).
create or replace function ways(p_district integer, p_from date, p_to date, p_known timestamptz)
returns table (leaf bigint, village_cell bigint, town_cell bigint, district_cell bigint) language sql stable as $$
  select distinct on (p.leaf) p.leaf, p.village_cell, p.town_cell, p.district_cell
  from paths(p_district, p_known) p where p.valid && daterange(p_from, p_to) order by p.leaf, lower(p.valid) desc
$$;
