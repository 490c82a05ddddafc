-- Kept counts of hazards that are more than days of series: how long they took to be closed, and whether they came again.

-- Brings the temporary table course_delta (chain_id, source, grade, day, closed_on, n) into hazard_course.
create or replace function courses_apply(p_district integer) returns void
language plpgsql as $$
declare v_fold bigint;
begin
  if not exists (select from course_delta) then return; end if;
  insert into course_fold as f (district_id, fold) values (p_district, 1) on conflict (district_id) do update set fold = f.fold + 1 returning fold into v_fold;
  create temp table course_entry on commit drop as
    with known as materialized (select k.*, series_of('hazard_found', k.source, k.grade) as series_id from (select distinct source, grade from course_delta) k)
    select d.chain_id, extract(year from d.day)::smallint as year, extract(doy from d.day)::smallint as found, coalesce(d.closed_on - d.day, -1) as took, k.series_id, d.n
    from course_delta d join known k using (source, grade);
  insert into hazard_course as c (district_id, chain_id, year, fold, found, took, series_id, n)
  select p_district, t.chain_id, t.year, v_fold, coalesce(array_agg(e.found order by e.found, e.took, e.series_id) filter (where e.n <> 0), '{}'),
         coalesce(array_agg(e.took order by e.found, e.took, e.series_id) filter (where e.n <> 0), '{}'),
         coalesce(array_agg(e.series_id order by e.found, e.took, e.series_id) filter (where e.n <> 0), '{}'),
         coalesce(array_agg(e.n order by e.found, e.took, e.series_id) filter (where e.n <> 0), '{}')
  from (select distinct chain_id, year from course_entry) t
  join (select x.chain_id, x.year, x.found, x.took, x.series_id, sum(x.n)::integer as n
        from (select * from course_entry
              union all
              select o.chain_id, o.year, u.* from (select distinct chain_id, year from course_entry) b
              join hazard_course o on o.district_id = p_district and o.chain_id = b.chain_id and o.year = b.year
              cross join lateral unnest(o.found, o.took, o.series_id, o.n) u) x
        group by 1, 2, 3, 4, 5) e using (chain_id, year)
  group by t.chain_id, t.year
  on conflict (district_id, chain_id, year) do update
    set fold = excluded.fold, found = excluded.found, took = excluded.took, series_id = excluded.series_id, n = excluded.n;
  drop table course_entry;
end $$;

-- What some enterprises' hazards of a category count for by recurrence, from the events as known now: a hazard that was closed can be followed (hazard_followed) where it names
-- both, and recurred if another of both was found within 90 days of its closing; where other days of the map see it, too. The arrays go together.
create or replace function recurrences_of(p_district integer, p_enterprises bigint[], p_categories text[])
returns table (enterprise_id bigint, category text, chain_id integer, kind text, source text, grade text, day date, n integer)
language sql stable as $$
  with pair as (select distinct e, c from unnest(p_enterprises, p_categories) u (e, c)),
  told as materialized (
    select h.id, h.enterprise_id, h.category, h.chain_id, h.source, h.grade, h.day, h.closed_on
    from pair p join hazard h on h.district_id = p_district and h.enterprise_id = p.e and h.category = p.c and upper_inf(h.recorded)),
  -- Findings and closings in one order: what was found from the day after a closing on is no finding of the hazard that was closed.
  line as (
    select null::uuid as id, enterprise_id, category, null::integer as chain_id, null as source, null as grade, day, true as found from told
    union all
    select id, enterprise_id, category, chain_id, source, grade, closed_on, false from told where closed_on is not null),
  seen as (
    select l.*, count(*) filter (where found) over (partition by enterprise_id, category order by day - date '2000-01-01' range between 1 following and 90 following) > 0 as again from line l)
  select s.enterprise_id, s.category, w.chain_id, k.kind, s.source, s.grade, s.day, count(*)::integer
  from seen s cross join lateral (select 'hazard_followed' union all select 'hazard_recurred' where s.again) k (kind)
  cross join lateral (
    select s.chain_id
    union all
    select v.id from event_move m join chain h on h.id = s.chain_id
    join chain_move v on v.district_id = p_district and v.stamped = coalesce(h.leaf, 0) and v.placed = coalesce(m.leaf, 0) and v.valid = m.valid
    where m.event_id = s.id and m.district_id + 0 = p_district and upper_inf(m.recorded)) w  -- + 0: by the id alone, whatever is thought of the district
  where not s.found group by 1, 2, 3, 4, 5, 6, 7
$$;

-- Counts the recurrences of the pairs in the temporary table recurrence_pair (enterprise_id, category) anew; what that changes goes into fold_delta.
create or replace function recurrences_apply(p_district integer) returns void
language plpgsql as $$
declare v_enterprises bigint[]; v_categories text[];
begin
  select array_agg(p.enterprise_id), array_agg(p.category) into v_enterprises, v_categories from recurrence_pair p;
  if v_enterprises is null then return; end if;
  with old as (
    delete from recurrence r using recurrence_pair p
    where r.district_id = p_district and r.enterprise_id = p.enterprise_id and r.category = p.category returning r.series_id, r.chain_id, r.day, r.n),
  counted as materialized (select * from recurrences_of(p_district, v_enterprises, v_categories)),
  known as materialized (select k.*, series_of(k.kind, k.source, k.grade) as series_id from (select distinct kind, source, grade from counted) k),
  put as (
    insert into recurrence (district_id, enterprise_id, category, chain_id, series_id, day, n)
    select p_district, c.enterprise_id, c.category, c.chain_id, k.series_id, c.day, c.n from counted c join known k using (kind, source, grade)
    returning series_id, chain_id, day, n)
  insert into fold_delta (series_id, chain_id, day, n)
  select x.series_id, x.chain_id, x.day, sum(x.n) from (select series_id, chain_id, day, -n as n from old union all select * from put) x
  group by 1, 2, 3 having sum(x.n) <> 0;
end $$;

-- What the pending hazards of a district change of its recurrences, if one of some kinds is asked for.
create or replace function recurrences_waiting(p_district integer, p_kinds text[]) returns table (chain_id integer, kind text, source text, grade text, day date, n integer)
language plpgsql stable as $$
declare v_enterprises bigint[]; v_categories text[];
begin
  if not p_kinds && array['hazard_followed', 'hazard_recurred'] then return; end if;
  select array_agg(x.enterprise_id), array_agg(x.category) into v_enterprises, v_categories
  from (select distinct p.enterprise_id, p.category from tally_pending p
        where p.district_id = p_district and p.kind = 'hazard' and p.enterprise_id is not null and p.category is not null) x;
  if v_enterprises is null then return; end if;
  return query
    select r.chain_id, r.kind, r.source, r.grade, r.day, r.n from recurrences_of(p_district, v_enterprises, v_categories) r where r.kind = any(p_kinds)
    union all
    select r.chain_id, s.kind, s.source, s.grade, r.day, -r.n
    from unnest(v_enterprises, v_categories) u (e, c) join recurrence r on r.district_id = p_district and r.enterprise_id = u.e and r.category = u.c
    join series s on s.id = r.series_id where s.kind = any(p_kinds);
end $$;

-- All recurrences of a district, counted from the events themselves.
create or replace function recount_recurrences(p_district integer) returns table (series_id smallint, chain_id integer, day date, n bigint)
language plpgsql as $$
begin
  return query
    with pair as materialized (select distinct h.enterprise_id, h.category from hazard h where h.district_id = p_district and upper_inf(h.recorded) and h.enterprise_id is not null and h.category is not null),
    counted as materialized (select r.* from (select array_agg(enterprise_id) as enterprises, array_agg(category) as categories from pair) a cross join lateral recurrences_of(p_district, a.enterprises, a.categories) r),
    known as materialized (select k.*, series_of(k.kind, k.source, k.grade) as id from (select distinct c.kind, c.source, c.grade from counted c) k)
    select k.id, c.chain_id, c.day, sum(c.n) from counted c join known k using (kind, source, grade) group by 1, 2, 3;
end $$;

-- Makes the recurrences of a district anew; their counts go into fold_delta, as those that were go with the rest.
create or replace function recurrences_rebuild(p_district integer) returns void
language plpgsql as $$
begin
  delete from recurrence where district_id = p_district;
  insert into recurrence_pair
  select distinct enterprise_id, category from hazard where district_id = p_district and upper_inf(recorded) and enterprise_id is not null and category is not null;
  perform recurrences_apply(p_district);
end $$;

-- The hazards of a district as known now, each by its chain and by the ways to where other days of the map see it.
create or replace function hazards_standing(p_district integer) returns table (e hazard, chain_id integer)
language sql stable as $$
  select h, h.chain_id from hazard h where h.district_id = p_district and upper_inf(h.recorded)
  union all
  select h, w.chain_id from elsewhere('hazard', p_district) w join hazard h on h.district_id = p_district and h.id = w.event_id and h.day = w.day and upper_inf(h.recorded)
$$;

-- Makes the courses of a district anew. Blocks that were stay, empty, so that whoever has them in memory hears of it.
create or replace function courses_rebuild(p_district integer) returns void
language plpgsql as $$
begin
  update course_fold set fold = fold + 1 where district_id = p_district;
  update hazard_course c set found = '{}', took = '{}', series_id = '{}', n = '{}', fold = f.fold from course_fold f where f.district_id = p_district and c.district_id = p_district;
  insert into course_delta
  select w.chain_id, (w.e).source, (w.e).grade, (w.e).day, (w.e).closed_on, count(*) from hazards_standing(p_district) w group by 1, 2, 3, 4, 5;
  perform courses_apply(p_district);
end $$;

-- Where the kept courses and recurrences of a district and its events disagree: nowhere, if all is well.
create or replace function courses_differing(p_district integer) returns table (series_id smallint, chain_id integer, day date, kept bigint, counted bigint)
language sql as $$
  with kept as (
    select x.chain_id, x.series_id, x.day, x.took, sum(x.n) as n
    from (select c.chain_id, u.series_id, make_date(c.year, 1, 1) + u.found - 1 as day, u.took, u.n
          from hazard_course c cross join lateral unnest(c.found, c.took, c.series_id, c.n) u (found, took, series_id, n) where c.district_id = p_district
          union all
          select p.chain_id, s.id, p.day, coalesce(p.closed_on - p.day, -1), p.n
          from tally_pending p join series s on s.kind = 'hazard_found' and s.source = p.source and s.grade = p.grade where p.district_id = p_district and p.kind = 'hazard') x
    group by 1, 2, 3, 4 having sum(x.n) <> 0),
  counted as (
    select w.chain_id, s.id as series_id, (w.e).day as day, coalesce((w.e).closed_on - (w.e).day, -1) as took, count(*) as n
    from hazards_standing(p_district) w join series s on s.kind = 'hazard_found' and s.source = (w.e).source and s.grade = (w.e).grade group by 1, 2, 3, 4)
  select coalesce(k.series_id, c.series_id), coalesce(k.chain_id, c.chain_id), coalesce(k.day, c.day), coalesce(k.n, 0), coalesce(c.n, 0)
  from kept k full join counted c using (chain_id, series_id, day, took) where coalesce(k.n, 0) <> coalesce(c.n, 0)
  union all
  select coalesce(k.series_id, c.series_id), coalesce(k.chain_id, c.chain_id), coalesce(k.day, c.day), coalesce(k.n, 0), coalesce(c.n, 0)
  from (select x.series_id, x.chain_id, x.day, sum(x.n) as n
        from (select series_id, chain_id, day, n from recurrence where district_id = p_district
              union all
              select series_of(w.kind, w.source, w.grade), w.chain_id, w.day, w.n from recurrences_waiting(p_district, array['hazard_followed', 'hazard_recurred']) w) x
        group by 1, 2, 3 having sum(x.n) <> 0) k
  full join recount_recurrences(p_district) c using (series_id, chain_id, day) where coalesce(k.n, 0) <> coalesce(c.n, 0)
$$;
