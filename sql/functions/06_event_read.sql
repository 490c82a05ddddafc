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

-- An event as it is told: its row without what is internal, with the cell it counts for.
create or replace function event_doc(p_kind text, p_row jsonb, p_leaf bigint, p_point geometry, p_recorded tstzrange) returns jsonb
language sql stable as $$
  select (p_row - array['district_id', 'enterprise_id', 'location', 'chain_id', 'recorded'])
    || jsonb_build_object('district', p_row->'district_id', 'enterprise', p_row->'enterprise_id', 'cell', p_leaf,
                          'lon', ST_X(p_point), 'lat', ST_Y(p_point), 'version', version_of(p_recorded))
    || case when p_kind = 'accident' then jsonb_build_object('grade', accident_grade(
         (p_row->>'deaths')::int, (p_row->>'serious_injuries')::int, (p_row->>'direct_loss_yuan')::numeric)) else '{}' end
$$;

-- Events by day and id, those that count for a cell. p_cell: null for all, 0 with p_direct for what lies in no cell.
-- p_map_day: null for the cell of their own day. p_open_at: hazards found before it and not closed before it.
create or replace function events_list(
  p_kind text, p_district integer, p_cell bigint, p_direct boolean, p_map_day date, p_from date, p_to date, p_open_at date,
  p_source text, p_grade text, p_result text, p_enterprise bigint, p_id uuid, p_known timestamptz,
  p_after_day date, p_after_id uuid, p_limit integer)
returns table (id uuid, day date, doc text) language plpgsql stable as $$
declare
  v_leaf text := 'h.leaf'; v_join text := ''; v_where text := '';
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
  if p_from is not null then v_where := v_where || ' and e.day >= $5'; end if;
  if p_to is not null then v_where := v_where || ' and e.day < $6'; end if;
  if p_open_at is not null then v_where := v_where || ' and e.day < $7 and (e.closed_on is null or e.closed_on >= $7)'; end if;
  if p_source <> '' then v_where := v_where || ' and e.source = $8'; end if;
  if p_grade <> '' then v_where := v_where || ' and e.grade = $9'; end if;
  if p_result <> '' then v_where := v_where || ' and e.result = $10'; end if;
  if p_enterprise is not null then v_where := v_where || ' and e.enterprise_id = $11'; end if;
  if p_id is not null then v_where := v_where || ' and e.id = $12'; end if;
  if p_after_day is not null then v_where := v_where || ' and (e.day, e.id) > ($13, $14)'; end if;
  return query execute format(
    'select e.id, e.day, event_doc(%1$L, to_jsonb(e) - ''location'', %2$s, e.location, e.recorded)::text
     from %1$I e join chain h on h.id = e.chain_id %3$s
     where e.district_id = $1 and e.recorded @> $4%4$s order by e.day, e.id limit $15', p_kind, v_leaf, v_join, v_where)
    using p_district, p_cell, p_map_day, p_known, p_from, p_to, p_open_at, p_source, p_grade, p_result, p_enterprise, p_id,
          p_after_day, p_after_id, p_limit;
end $$;

-- The enterprises active in a window, with where they count: one row each with `standing`, on their last day of it or
-- (with p_map_day) on that day of the map, and one more for each other leaf in which they spent days of the window.
create or replace function enterprises_placed(p_district integer, p_from date, p_to date, p_map_day date, p_known timestamptz)
returns table (cell_id bigint, leaf bigint, standing boolean, active boolean, inspected boolean, patrolled boolean, days integer)
language plpgsql stable
set enable_nestloop = off  -- a set over a whole district: the planner cannot estimate ranges, and must not loop for that
as $$
begin
  return query
  with visited as materialized (select v.kind, v.enterprise_id from visited_in(p_district, p_from, p_to, p_known) v),
  live as (
    select l.cell_id, l.valid * daterange(p_from, p_to) as span from cell_life l
    join cell c on c.district_id = l.district_id and c.id = l.cell_id and c.level = 4
    where l.district_id = p_district and l.recorded @> p_known and l.valid && daterange(p_from, p_to)),
  stood as (
    select l.cell_id, l.span, coalesce(p_map_day, upper(l.span) - 1) as on_day, l.span @> (p_to - 1) as active from live l),
  place as (
    select distinct on (s.cell_id) s.cell_id, s.span, s.active, coalesce(p.parent_id, 0) as leaf
    from stood s
    left join cell_parent p on p.district_id = p_district and p.cell_id = s.cell_id and p.recorded @> p_known
    order by s.cell_id, p.valid @> s.on_day desc, lower(p.valid) <= s.on_day desc, lower(p.valid) desc),
  spent as (
    select q.cell_id, q.leaf, true as standing, case when p_map_day is not null then upper(q.span) - lower(q.span) else 0 end as days
    from place q
    union all
    select q.cell_id, coalesce(p.parent_id, q.leaf), false,
           case when p.parent_id is null then upper(q.span) - lower(q.span)
                else upper(q.span * p.valid) - lower(q.span * p.valid) end
    from place q
    left join cell_parent p on p.district_id = p_district and p.cell_id = q.cell_id and p.recorded @> p_known and p.valid && q.span
    where p_map_day is null)
  select t.cell_id, t.leaf, bool_or(t.standing), bool_or(t.standing) and q.active,
         bool_or(t.standing) and q.active and bool_or(i.enterprise_id is not null),
         bool_or(t.standing) and q.active and bool_or(r.enterprise_id is not null),
         sum(t.days)::integer
  from spent t join place q on q.cell_id = t.cell_id
  left join visited i on i.enterprise_id = t.cell_id and i.kind = 'inspection'
  left join visited r on r.enterprise_id = t.cell_id and r.kind = 'patrol'
  group by t.cell_id, t.leaf, q.active;
end $$;

-- The enterprises with a completed visit in [p_from, p_to), as known at an instant: from the kept bits, if that is now.
create or replace function visited_in(p_district integer, p_from date, p_to date, p_known timestamptz)
returns table (kind text, enterprise_id bigint) language sql stable as $$
  with bits as materialized (
    select y::smallint as year, year_bits(y, p_from, p_to) as mask
    from generate_series(extract(year from p_from)::int, extract(year from p_to - 1)::int) y)
  select distinct v.kind, v.enterprise_id from visit_year v join bits b on b.year = v.year
  where p_known = 'infinity' and v.district_id = p_district and (v.days & b.mask) <> repeat('0', 366)::bit(366)
  union all
  select distinct 'inspection', i.enterprise_id from inspection i
  where p_known < 'infinity' and i.district_id = p_district and i.day >= p_from and i.day < p_to and i.result = 'completed'
    and i.enterprise_id is not null and i.recorded @> p_known
  union all
  select distinct 'patrol', i.enterprise_id from patrol i
  where p_known < 'infinity' and i.district_id = p_district and i.day >= p_from and i.day < p_to and i.result = 'completed'
    and i.enterprise_id is not null and i.recorded @> p_known
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
    'headcount', e.headcount, 'risk_grade', e.risk_grade, 'principal', e.principal, 'phone', mask_phone(e.phone, p_phones),
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
