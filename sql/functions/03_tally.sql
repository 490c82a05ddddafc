-- The id of a series, made if it is new.
create or replace function series_of(p_kind text, p_source text, p_grade text) returns smallint
language plpgsql as $$
declare v smallint;
begin
  select id into v from series where kind = p_kind and source = p_source and grade = p_grade;
  if v is null then
    insert into series (kind, source, grade) values (p_kind, p_source, p_grade)
    on conflict (kind, source, grade) do update set kind = excluded.kind returning id into v;
  end if;
  return v;
end $$;

-- The 31 cumulated counts of a month from its days and how many fell on each.
create or replace function cumulate(p_days integer[], p_counts integer[]) returns integer[]
language plpgsql immutable parallel safe as $$
declare v integer[] := array_fill(0, array[31]); i integer;
begin
  for i in 1 .. cardinality(p_days) loop v[p_days[i]] := v[p_days[i]] + p_counts[i]; end loop;
  for i in 2 .. 31 loop v[i] := v[i] + v[i - 1]; end loop;
  return v;
end $$;

-- The sum of two months, day by day; a month in which nothing happened is null.
create or replace function add_days(p_days integer[], p_more integer[]) returns integer[]
language sql immutable parallel safe as $$
  select case when p_days is null then p_more when p_more is null then p_days
              else (select array_agg(a + b order by i) from unnest(p_days, p_more) with ordinality x (a, b, i)) end
$$;

-- What the pending events of a district count for.
create or replace function tally_waiting(p_district integer) returns table (chain_id integer, kind text, source text, grade text, day date, n integer)
language sql stable as $$
  select p.chain_id, c.kind, c.source, c.grade, c.day, p.n
  from tally_pending p cross join lateral event_counts(p.kind, p.source, p.grade, p.day, p.due_on, p.closed_on, p.reviewed_on) c
  where p.district_id = p_district
$$;

-- Makes the temporary tables of what a fold brings, empty.
create or replace function fold_tables() returns void
language plpgsql as $$
begin
  create temp table if not exists fold_delta (series_id smallint, chain_id integer, day date, n integer) on commit delete rows;
  create temp table if not exists course_delta (chain_id integer, source text, grade text, day date, closed_on date, n integer) on commit delete rows;
  create temp table if not exists recurrence_pair (enterprise_id bigint, category text) on commit delete rows;
  create temp table if not exists form_delta (chain_id integer, enterprise_id bigint, day date, major boolean, closed_on date, in_plan boolean, five_in_place boolean, funds_yuan numeric,
                                               listed_on date, listed_by_province boolean, n integer) on commit delete rows;
  truncate fold_delta, course_delta, recurrence_pair, form_delta;
end $$;

-- Folds what is pending of a district into its tally, its courses and its official tables. Returns how many rows were folded. One at a time per district.
create or replace function fold(p_district integer) returns integer
language plpgsql as $$
declare v_folded integer;
begin
  perform pg_advisory_xact_lock(7101, p_district);
  perform fold_tables();
  with taken as (delete from tally_pending where district_id = p_district returning *),
       counted as materialized (
         select c.kind, c.source, c.grade, t.chain_id, c.day, sum(t.n)::integer as n
         from taken t cross join lateral event_counts(t.kind, t.source, t.grade, t.day, t.due_on, t.closed_on, t.reviewed_on) c
         group by 1, 2, 3, 4, 5 having sum(t.n) <> 0),
       known as materialized (
         select d.*, series_of(d.kind, d.source, d.grade) as id from (select distinct kind, source, grade from counted) d),
       put as (insert into fold_delta select k.id, c.chain_id, c.day, c.n from counted c join known k using (kind, source, grade)),
       gone as (insert into course_delta select chain_id, source, grade, day, closed_on, sum(n) from taken where kind = 'hazard' group by 1, 2, 3, 4, 5 having sum(n) <> 0),
       told as (insert into form_delta select chain_id, enterprise_id, day, grade = 'major', closed_on, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, sum(n)
                from taken where kind = 'hazard' group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 having sum(n) <> 0),
       paired as (insert into recurrence_pair select distinct enterprise_id, category from taken where kind = 'hazard' and enterprise_id is not null and category is not null)
  select count(*) into v_folded from taken;
  perform recurrences_apply(p_district);
  perform tally_apply(p_district);
  perform courses_apply(p_district);
  perform forms_apply(p_district);
  return v_folded;
end $$;

-- The way from a leaf to another on some map days, as which what stands elsewhere is counted; made if it is new. 0: unplaced.
create or replace function chain_move_of(p_district integer, p_stamped bigint, p_placed bigint, p_valid daterange) returns integer
language plpgsql as $$
declare v integer;
begin
  select id into v from chain_move where district_id = p_district and stamped = p_stamped and placed = p_placed and valid = p_valid;
  if v is null then
    insert into chain_move (district_id, stamped, placed, valid) values (p_district, p_stamped, p_placed, p_valid)
    on conflict on constraint chain_move_unique do update set placed = excluded.placed returning id into v;
  end if;
  return v;
end $$;

-- The events of a kind that stand elsewhere on other days of the map, each with the ways that it takes (chain_move); -1: one that is not there.
create or replace function elsewhere(p_kind text, p_district integer) returns table (event_id uuid, day date, chain_id integer)
language plpgsql stable as $$
begin
  return query execute format($q$
    select e.id, e.day, coalesce(v.id, -1)
    from event_move m join %1$I e on e.district_id = m.district_id and e.id = m.event_id and e.day = m.day and upper_inf(e.recorded)
    join chain h on h.id = e.chain_id
    left join chain_move v on v.district_id = m.district_id and v.stamped = coalesce(h.leaf, 0) and v.placed = coalesce(m.leaf, 0) and v.valid = m.valid
    where m.district_id = $1 and upper_inf(m.recorded)$q$, p_kind) using p_district;
end $$;

-- All events of a district as known now, counted from the events themselves.
create or replace function recount(p_district integer)
returns table (series_id smallint, chain_id integer, day date, n integer)
language plpgsql as $$
declare k text;
begin
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    return query execute format($q$
      with counted as materialized (
        select c.kind, c.source, c.grade, e.chain_id, c.day, count(*)::int as n
        from %1$I e cross join lateral event_counts(%1$L, %2$s) c
        where e.district_id = $1 and upper_inf(e.recorded) group by 1, 2, 3, 4, 5
        union all
        select c.kind, c.source, c.grade, w.chain_id, c.day, count(*)::int
        from elsewhere(%1$L, $1) w join %1$I e on e.district_id = $1 and e.id = w.event_id and e.day = w.day and upper_inf(e.recorded)
        cross join lateral event_counts(%1$L, %2$s) c group by 1, 2, 3, 4, 5),
      known as materialized (
        select d.*, series_of(d.kind, d.source, d.grade) as id from (select distinct kind, source, grade from counted) d)
      select k.id, c.chain_id, c.day, c.n from counted c join known k using (kind, source, grade)$q$, k, counted_columns(k)) using p_district;
  end loop;
end $$;

-- Makes the ways that events of a district take to where other days of the map see them.
create or replace function chain_moves_make(p_district integer) returns void
language plpgsql as $$
declare k text;
begin
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    execute format($q$
      insert into chain_move (district_id, stamped, placed, valid)
      select distinct $1, coalesce(h.leaf, 0), coalesce(m.leaf, 0), m.valid
      from event_move m join %1$I e on e.district_id = m.district_id and e.id = m.event_id and e.day = m.day and upper_inf(e.recorded) join chain h on h.id = e.chain_id
      where m.district_id = $1 and upper_inf(m.recorded)
      on conflict on constraint chain_move_unique do nothing$q$, k) using p_district;
  end loop;
end $$;

-- Makes what is kept of a district anew from its events, to mend what a check found.
create or replace function tally_rebuild(p_district integer) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7101, p_district);
  delete from tally_pending where district_id = p_district;
  delete from tally where district_id = p_district;
  delete from tally_span where district_id = p_district;
  perform fold_tables();
  perform chain_moves_make(p_district);
  insert into fold_delta select * from recount(p_district);
  perform recurrences_rebuild(p_district);
  perform tally_apply(p_district);
  perform courses_rebuild(p_district);
  perform forms_rebuild(p_district);
end $$;

-- Brings the counts of fold_delta into the tally: a chain has a row a month from its first month with counts to the last month of the
-- series, so what was before its first needs none.
create or replace function tally_apply(p_district integer) returns void
language plpgsql as $$
begin
  create temp table fold_month on commit drop as
    select d.series_id, d.chain_id, date_trunc('month', d.day)::date as month,
           cumulate(array_agg(extract(day from d.day)::int), array_agg(d.n)) as days
    from fold_delta d group by 1, 2, 3;
  analyze fold_month;
  perform tally_widen(p_district);
  insert into tally as t (district_id, series_id, month, chain_id, before, days)
  select p_district, u.series_id, u.month, u.chain_id, u.before, u.days
  from (
    select k.series_id, k.month, k.chain_id, m.days,
           coalesce(sum(m.days[31]) over (partition by k.series_id, k.chain_id order by k.month
                                          rows between unbounded preceding and 1 preceding), 0)::int as before
    from (select f.series_id, f.chain_id, g::date as month
          from (select x.series_id, x.chain_id, min(x.month) as first_month from fold_month x group by 1, 2) f
          join tally_span s on s.district_id = p_district and s.series_id = f.series_id
          cross join generate_series(f.first_month, s.last_month, interval '1 month') g) k
    left join fold_month m on m.series_id = k.series_id and m.chain_id = k.chain_id and m.month = k.month) u
  where u.before <> 0 or u.days is not null
  order by u.series_id, u.month, u.chain_id
  on conflict (district_id, series_id, month, chain_id) do update
    set before = t.before + excluded.before, days = add_days(t.days, excluded.days);
  drop table fold_month;
end $$;

-- Makes room for the months of fold_month: where they go beyond the last month of their series, its chains get rows that carry their
-- totals on.
create or replace function tally_widen(p_district integer) returns void
language plpgsql as $$
begin
  insert into tally (district_id, series_id, month, chain_id, before)
  select p_district, t.series_id, m::date, t.chain_id, t.before + coalesce(t.days[31], 0)
  from (select series_id, max(month) as last_month from fold_month group by series_id) f
  join tally_span s on s.district_id = p_district and s.series_id = f.series_id
  join tally t on t.district_id = p_district and t.series_id = s.series_id and t.month = s.last_month
  cross join generate_series(s.last_month + interval '1 month', f.last_month, interval '1 month') m;
  insert into tally_span as s (district_id, series_id, first_month, last_month)
  select p_district, series_id, min(month), max(month) from fold_month group by series_id
  on conflict (district_id, series_id) do update
    set first_month = least(s.first_month, excluded.first_month), last_month = greatest(s.last_month, excluded.last_month);
end $$;

-- The completed visits of an enterprise on a day; those of a joint visit are one.
create or replace function visits_on(p_kind text, p_district integer, p_enterprise bigint, p_day date) returns integer
language plpgsql stable as $$
begin
  if p_kind = 'inspection' then
    return (select count(distinct coalesce(joint_id, id)) from inspection
            where district_id = p_district and enterprise_id = p_enterprise and day = p_day and result = 'completed' and upper_inf(recorded));
  end if;
  return (select count(distinct coalesce(joint_id, id)) from patrol
          where district_id = p_district and enterprise_id = p_enterprise and day = p_day and result = 'completed' and upper_inf(recorded));
end $$;

-- Sets what visit_year says of a day of an enterprise from the visits that are on it. The row is locked before they are counted,
-- so that of two who write at once the second counts both.
create or replace function mark_visits(p_kind text, p_district integer, p_enterprise bigint, p_day date) returns void
language plpgsql as $$
declare v_year smallint := extract(year from p_day); v_doy smallint := extract(doy from p_day); v_visits integer;
begin
  if p_enterprise is null then return; end if;
  insert into visit_year as v (district_id, kind, year, enterprise_id, days)
  values (p_district, p_kind, v_year, p_enterprise, repeat('0', 366)::bit(366))
  on conflict (district_id, kind, year, enterprise_id) do update set days = v.days;
  v_visits := visits_on(p_kind, p_district, p_enterprise, p_day);
  update visit_year
  set days = set_bit(days, v_doy - 1, least(v_visits, 1)), more = array_remove(more, v_doy) || array_fill(v_doy, array[greatest(v_visits - 1, 0)]), tx = pg_current_xact_id()
  where district_id = p_district and kind = p_kind and year = v_year and enterprise_id = p_enterprise;
end $$;

-- Makes visit_year anew for the enterprises and years of the temporary table incoming_event.
create or replace function mark_years(p_kind text, p_district integer) returns void
language plpgsql as $$
begin
  execute format($q$
    insert into visit_year as v (district_id, kind, year, enterprise_id, days, more)
    select $1, %1$L, y.year, y.enterprise_id, bit_or(set_bit(repeat('0', 366)::bit(366), y.doy - 1, 1)),
           coalesce(array_agg(y.doy::smallint) filter (where y.n > 1), '{}')
    from (select x.year, x.enterprise_id, x.doy, g.n
          from (select extract(year from e.day)::smallint as year, e.enterprise_id, extract(doy from e.day)::int as doy, count(distinct coalesce(e.joint_id, e.id)) as n
                from (select distinct f.enterprise_id, date_trunc('year', f.day)::date as start from incoming_event f where f.enterprise_id is not null) t
                join %1$I e on e.district_id = $1 and e.enterprise_id = t.enterprise_id and e.day >= t.start and e.day < t.start + interval '1 year'
                  and e.result = 'completed' and upper_inf(e.recorded) group by 1, 2, 3) x
          cross join lateral generate_series(1, x.n) g (n)) y
    group by y.year, y.enterprise_id
    on conflict (district_id, kind, year, enterprise_id) do update set days = excluded.days, more = excluded.more, tx = excluded.tx$q$, p_kind)
    using p_district;
end $$;
