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

-- Counts n more (or less) events of a chain and day.
create or replace function count_event(p_district integer, p_kind text, p_source text, p_grade text, p_chain integer,
                                       p_day date, p_n integer) returns void
language sql as $$
  insert into tally_pending (district_id, series_id, chain_id, day, n)
  select p_district, series_of(p_kind, p_source, p_grade), p_chain, p_day, p_n where p_day is not null
$$;

-- n more from day p_day of the month on, in counts cumulated over its days.
create or replace function add_from(p_days integer[], p_day integer, p_n integer) returns integer[]
language sql immutable parallel safe as $$
  select array_agg(case when i >= p_day then v + p_n else v end order by i) from unnest(p_days) with ordinality x(v, i)
$$;

-- The 31 cumulated counts of a month from its days and how many fell on each.
create or replace function cumulate(p_days integer[], p_counts integer[]) returns integer[]
language plpgsql immutable parallel safe as $$
declare v integer[] := array_fill(0, array[31]); i integer;
begin
  for i in 1 .. cardinality(p_days) loop v[p_days[i]] := v[p_days[i]] + p_counts[i]; end loop;
  for i in 2 .. 31 loop v[i] := v[i] + v[i - 1]; end loop;
  return v;
end $$;

-- Folds what is pending of a district into its tally. Returns how many rows were folded. One at a time per district.
create or replace function fold(p_district integer) returns integer
language plpgsql as $$
declare
  v_folded integer; r record;
begin
  perform pg_advisory_xact_lock(7101, p_district);
  create temp table if not exists fold_delta
    (series_id smallint, chain_id integer, day date, n integer) on commit delete rows;
  delete from fold_delta;
  with taken as (delete from tally_pending where district_id = p_district returning series_id, chain_id, day, n),
       put as (insert into fold_delta select series_id, chain_id, day, sum(n)::integer from taken group by 1, 2, 3
               returning 1)
  select count(*) into v_folded from taken;
  if v_folded = 0 then return 0; end if;
  perform tally_widen(p_district);
  for r in select *, date_trunc('month', day)::date as month from fold_delta where n <> 0 loop
    update tally set before = before + r.n
    where district_id = p_district and series_id = r.series_id and chain_id = r.chain_id and month > r.month;
    update tally set days = add_from(days, extract(day from r.day)::int, r.n)
    where district_id = p_district and series_id = r.series_id and chain_id = r.chain_id and month = r.month;
  end loop;
  return v_folded;
end $$;

-- All events of a district as known now, counted from the events themselves.
create or replace function recount(p_district integer)
returns table (series_id smallint, chain_id integer, day date, n integer)
language plpgsql as $$
declare k text;
begin
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    return query execute format($q$
      select series_of(c.kind, c.source, c.grade), e.chain_id, c.day, sum(e.n)::int
      from (select chain_id, day, %2$s, count(*) as n from %1$I where district_id = $1 and upper_inf(recorded)
            group by %3$s) e
      cross join lateral event_counts(%1$L, to_jsonb(e)) c group by 1, 2, 3$q$, k,
      case k when 'hazard' then 'source, grade, due_on, reviewed_on, closed_on' when 'accident' then 'deaths, serious_injuries, direct_loss_yuan' else 'result' end,
      case k when 'hazard' then '1, 2, 3, 4, 5, 6, 7' when 'accident' then '1, 2, 3, 4, 5' else '1, 2, 3' end) using p_district;
  end loop;
end $$;

-- Makes the tally of a district anew from its events: after a bulk import, and to mend what a check found.
create or replace function tally_rebuild(p_district integer) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7101, p_district);
  delete from tally_pending where district_id = p_district;
  delete from tally where district_id = p_district;
  delete from tally_span where district_id = p_district;
  create temp table monthly on commit drop as
    select r.series_id, r.chain_id, date_trunc('month', r.day)::date as month,
           cumulate(array_agg(extract(day from r.day)::int), array_agg(r.n)) as days
    from recount(p_district) r group by 1, 2, 3;
  analyze monthly;
  insert into tally_span select p_district, m.series_id, min(m.month), max(m.month) from monthly m group by m.series_id;
  insert into tally (district_id, series_id, month, chain_id, before, days)
  select p_district, k.series_id, k.month, k.chain_id,
         coalesce(sum(m.days[31]) over (partition by k.series_id, k.chain_id order by k.month
                                        rows between unbounded preceding and 1 preceding), 0)::int,
         coalesce(m.days, array_fill(0, array[31]))
  from (select c.series_id, c.chain_id, g::date as month
        from (select distinct x.series_id, x.chain_id from monthly x) c
        join tally_span s on s.district_id = p_district and s.series_id = c.series_id
        cross join generate_series(s.first_month, s.last_month, interval '1 month') g) k
  left join monthly m on m.series_id = k.series_id and m.chain_id = k.chain_id and m.month = k.month;
  drop table monthly;
end $$;

-- Makes a row for each month of each chain of the series in fold_delta, carrying totals on.
create or replace function tally_widen(p_district integer) returns void
language plpgsql as $$
begin
  insert into tally_span as s (district_id, series_id, first_month, last_month)
  select p_district, series_id, date_trunc('month', min(day))::date, date_trunc('month', max(day))::date
  from fold_delta group by series_id
  on conflict (district_id, series_id) do update
    set first_month = least(s.first_month, excluded.first_month), last_month = greatest(s.last_month, excluded.last_month);

  insert into tally (district_id, series_id, month, chain_id, before, days)
  select p_district, s.series_id, m::date, k.chain_id, coalesce(l.total, 0), array_fill(0, array[31])
  from tally_span s
  join (select series_id, chain_id from fold_delta
        union select t.series_id, t.chain_id from tally t
              where t.district_id = p_district and t.series_id in (select series_id from fold_delta)) k
    on k.series_id = s.series_id
  cross join generate_series(s.first_month, s.last_month, interval '1 month') m
  left join lateral (
    select t.before + t.days[31] as total from tally t
    where t.district_id = p_district and t.series_id = s.series_id and t.chain_id = k.chain_id and t.month < m::date
    order by t.month desc limit 1) l on true
  where s.district_id = p_district
  on conflict do nothing;
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

-- Sets what visit_year says of a day of an enterprise from the visits that are on it.
create or replace function mark_visits(p_kind text, p_district integer, p_enterprise bigint, p_day date) returns void
language sql as $$
  insert into visit_year as v (district_id, kind, year, enterprise_id, days, more)
  select p_district, p_kind, extract(year from p_day)::smallint, p_enterprise,
         set_bit(repeat('0', 366)::bit(366), n.doy - 1, least(n.visits, 1)), array_fill(n.doy::smallint, array[greatest(n.visits - 1, 0)])
  from (select extract(doy from p_day)::int as doy, visits_on(p_kind, p_district, p_enterprise, p_day) as visits) n
  where p_enterprise is not null
  on conflict (district_id, kind, year, enterprise_id) do update
    set days = set_bit(v.days, extract(doy from p_day)::int - 1, get_bit(excluded.days, extract(doy from p_day)::int - 1)),
        more = array_remove(v.more, extract(doy from p_day)::smallint) || excluded.more
$$;

-- Makes visit_year anew for the enterprises and years of the temporary table fresh (enterprise_id, day).
create or replace function mark_years(p_kind text, p_district integer) returns void
language plpgsql as $$
begin
  execute format($q$
    insert into visit_year as v (district_id, kind, year, enterprise_id, days, more)
    select $1, %1$L, y.year, y.enterprise_id, bit_or(set_bit(repeat('0', 366)::bit(366), y.doy - 1, 1)),
           coalesce(array_agg(y.doy::smallint) filter (where y.n > 1), '{}')
    from (select x.year, x.enterprise_id, x.doy, g.n
          from (select extract(year from e.day)::smallint as year, e.enterprise_id, extract(doy from e.day)::int as doy, count(distinct coalesce(e.joint_id, e.id)) as n
                from (select distinct f.enterprise_id, date_trunc('year', f.day)::date as start from fresh f where f.enterprise_id is not null) t
                join %1$I e on e.district_id = $1 and e.enterprise_id = t.enterprise_id and e.day >= t.start and e.day < t.start + interval '1 year'
                  and e.result = 'completed' and upper_inf(e.recorded) group by 1, 2, 3) x
          cross join lateral generate_series(1, x.n) g (n)) y
    group by y.year, y.enterprise_id
    on conflict (district_id, kind, year, enterprise_id) do update set days = excluded.days, more = excluded.more$q$, p_kind)
    using p_district;
end $$;
