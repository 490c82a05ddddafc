-- Where enterprises go whose point becomes another.

-- Changes what is said of an enterprise from a day on. One whose point is another goes to the village of that point (to none, where it lies in none), unless
-- its parent was named beside it. `moved`: its events are to be placed anew.
create or replace function enterprise_change(p_district integer, p_cell bigint, p_day date, p_facts jsonb, p_parent_named boolean, out changed boolean, out moved boolean)
language plpgsql as $$
declare v_point geometry := (p_facts->>'location')::geometry; v_other boolean;
begin
  v_other := not p_parent_named and v_point is not null and exists (
    select from enterprise where district_id = p_district and cell_id = p_cell and valid @> p_day and upper_inf(recorded) and location is distinct from v_point);
  changed := enterprise_revise(p_district, p_cell, p_day, p_facts);
  moved := v_other and enterprise_settle(p_district, p_cell, p_day, v_point);
  changed := changed or moved;
end $$;

-- Gives an enterprise the parents that it has by a point, from p_day until something else is said of it: what was said of those days is superseded, what was
-- said of the days after them stays. Returns false when it already stood so.
create or replace function enterprise_settle(p_district integer, p_cell bigint, p_day date, p_point geometry) returns boolean
language plpgsql as $$
declare v_span daterange; v_days date[]; v_leaves bigint[]; v_same boolean; v_now timestamptz := clock_timestamp();
begin
  select daterange(p_day, upper(valid)) into v_span from enterprise where district_id = p_district and cell_id = p_cell and valid @> p_day and upper_inf(recorded);
  if v_span is null then return false; end if;
  -- It can stand elsewhere only from a day on which the map changes there; days on which its parent did are compared too.
  select array_agg(x.d order by x.d), array_agg(cell_at(p_district, x.d, p_point) order by x.d) into v_days, v_leaves
  from (select p_day as d
        union select d from place_days(p_district, null, p_point, null) d
        union select d from cell_parent p, unnest(array[lower(p.valid), upper(p.valid)]) d where p.district_id = p_district and p.cell_id = p_cell and upper_inf(p.recorded)) x
  where v_span @> x.d;
  select bool_and(p.parent_id is not distinct from t.leaf) into v_same
  from unnest(v_days, v_leaves) t (d, leaf)
  left join cell_parent p on p.district_id = p_district and p.cell_id = p_cell and p.valid @> t.d and upper_inf(p.recorded);
  if v_same then return false; end if;
  with old as (
    update cell_parent p set recorded = tstzrange(lower(p.recorded), greatest(v_now, lower(p.recorded) + interval '1 us'))
    where p.district_id = p_district and p.cell_id = p_cell and p.valid && v_span and upper_inf(p.recorded) returning p.*),
  rest as (
    select o.parent_id, r as valid from old o cross join lateral unnest(datemultirange(o.valid) - datemultirange(v_span)) r),
  seat as (
    select t.leaf, daterange(t.d, lead(t.d, 1, upper(v_span)) over (order by t.d)) as valid
    from (select d, leaf, lag(leaf) over (order by d) as before, row_number() over (order by d) as n from unnest(v_days, v_leaves) u (d, leaf)) t
    where t.n = 1 or t.leaf is distinct from t.before)
  insert into cell_parent (district_id, cell_id, parent_id, valid, recorded)
  select p_district, p_cell, parent_id, valid, tstzrange(v_now, null) from rest
  union all select p_district, p_cell, leaf, valid, tstzrange(v_now, null) from seat where leaf is not null;
  return true;
end $$;

-- Places anew the events of the enterprises that stood somewhere before and stand elsewhere since this transaction. Returns how many moved.
create or replace function enterprises_replace(p_district integer, p_day date) returns integer
language plpgsql as $$
declare v_cells bigint[]; v_events integer;
begin
  select array_agg(distinct p.cell_id) into v_cells
  from cell_parent p join cell c on c.district_id = p.district_id and c.id = p.cell_id and c.level = 4
  where p.district_id = p_district and (lower(p.recorded) >= now() or upper(p.recorded) >= now())
    and exists (select from cell_life l where l.district_id = p_district and l.cell_id = p.cell_id and lower(l.recorded) < now());
  if v_cells is null then return 0; end if;
  select events into v_events from places_refresh(p_district, v_cells, p_day);
  return v_events;
end $$;
