-- Kept counts of the official tables of hazards (docs/official-tables.md). A table is of a month, a quarter or the months of a year up to one; a hazard stands in it by the month of its
-- finding, by whether it was closed by its end, and by the month of its listing.

-- What a hazard counts in a table of the days [p_from, p_to), with closings before p_until.
create or replace function form_of(p_day date, p_major boolean, p_closed date, p_plan boolean, p_five boolean, p_funds numeric, p_listed date, p_province boolean, p_from date, p_to date, p_until date)
returns table (general_found integer, general_closed integer, major_found integer, major_closed integer, in_plan integer, five_in_place integer, listed integer, listed_by_province integer, funds bigint)
language sql immutable as $$
  select (f.found and not p_major)::int, (f.found and not p_major and f.closed)::int, (f.found and p_major)::int, (f.found and p_major and f.closed)::int, (f.found and p_major and f.planned)::int,
         (f.found and p_major and f.planned and f.five)::int, f.listed::int, (f.listed and f.provincial)::int, case when f.found then (100 * coalesce(p_funds, 0))::bigint else 0 end
  from (select p_day >= p_from and p_day < p_to as found, coalesce(p_closed < p_until, false) as closed, coalesce(p_plan, false) as planned, coalesce(p_five, false) as five,
               coalesce(p_listed >= p_from and p_listed < p_to, false) as listed, coalesce(p_province, false) as provincial) f
$$;

-- Where a kept count stands in `counts`, from 1. Of what only the month of finding or listing decides, months are cumulated: in_month('general_found', m) is that of months 1 to m, of 0 it is 0.
create or replace function in_month(p_column text, p_month integer) returns integer
language sql immutable parallel safe as $$
  select 1 + p_month + 13 * (array_position('{general_found,major_found,in_plan,five_in_place,listed,listed_by_province}'::text[], p_column) - 1)
$$;

-- Those that were found in a table's months and closed by its end have a place for each table: of month m (p_table = m), of quarter q (12 + q), of the year up to month m (16 + m).
create or replace function in_table(p_major boolean, p_table integer) returns integer
language sql immutable parallel safe as $$ select 78 + case when p_major then 28 else 0 end + p_table $$;

-- Lays out what some hazards of one chain, enterprise and year count. Each is found in a month (0: only its listing is of this year) and closed in one of the year (0: not in it), or listed in
-- one (0: not). The arrays go together.
create or replace function form_lay_out(p_found integer[], p_closed integer[], p_major boolean[], p_plan boolean[], p_five boolean[], p_funds bigint[], p_listed integer[], p_province boolean[], p_n integer[],
                                        out counts integer[], out funds bigint[])
language plpgsql immutable as $$
declare
  v_general constant integer := in_month('general_found', 0); v_major constant integer := in_month('major_found', 0); v_plan constant integer := in_month('in_plan', 0);
  v_five constant integer := in_month('five_in_place', 0); v_listed constant integer := in_month('listed', 0); v_province constant integer := in_month('listed_by_province', 0);
  f integer; c integer; n integer; at integer;
begin
  counts := array_fill(0, array[in_table(true, 28)]);
  funds := array_fill(0::bigint, array[13]);
  for i in 1 .. cardinality(p_n) loop
    f := p_found[i]; c := p_closed[i]; n := p_n[i];
    if f > 0 then
      at := f + case when p_major[i] then v_major else v_general end;
      counts[at] := counts[at] + n;
      if p_major[i] and p_plan[i] then
        counts[v_plan + f] := counts[v_plan + f] + n;
        if p_five[i] then counts[v_five + f] := counts[v_five + f] + n; end if;
      end if;
      funds[1 + f] := funds[1 + f] + n * p_funds[i];
      if c > 0 then
        at := in_table(p_major[i], 0);
        if c = f then counts[at + c] := counts[at + c] + n; end if;
        if (c - 1) / 3 = (f - 1) / 3 then counts[at + 13 + (c - 1) / 3] := counts[at + 13 + (c - 1) / 3] + n; end if;
        counts[at + 16 + c] := counts[at + 16 + c] + n;
      end if;
    end if;
    if p_listed[i] > 0 then
      counts[v_listed + p_listed[i]] := counts[v_listed + p_listed[i]] + n;
      if p_province[i] then counts[v_province + p_listed[i]] := counts[v_province + p_listed[i]] + n; end if;
    end if;
  end loop;
  for m in 1 .. 12 loop
    funds[1 + m] := funds[1 + m] + funds[m];
    foreach at in array array[v_general, v_major, v_plan, v_five, v_listed, v_province] loop counts[at + m] := counts[at + m] + counts[at + m - 1]; end loop;
    continue when m = 1;
    foreach at in array array[in_table(false, 16), in_table(true, 16)] loop counts[at + m] := counts[at + m] + counts[at + m - 1]; end loop;
  end loop;
end $$;

-- What the hazards of the temporary table form_delta (chain_id, enterprise_id, day, major, closed_on, in_plan, five_in_place, funds_yuan, listed_on, listed_by_province, n) count: rows of
-- hazard_form. One that was listed in another year than it was found in stands in both.
create or replace function form_rows() returns table (year smallint, chain_id integer, enterprise_id bigint, counts integer[], funds bigint[], last_day date)
language sql stable as $$
  with told as (
    select d.chain_id, coalesce(d.enterprise_id, 0) as enterprise_id, y.year, extract(year from d.day) = y.year as is_found, coalesce(extract(year from d.closed_on) = y.year, false) as is_closed,
           coalesce(extract(year from d.listed_on) = y.year, false) as is_listed, d.day, d.closed_on, d.listed_on, d.major, coalesce(d.in_plan, false) as planned, coalesce(d.five_in_place, false) as five,
           (100 * coalesce(d.funds_yuan, 0))::bigint as fen, coalesce(d.listed_by_province, false) as provincial, d.n
    from form_delta d cross join lateral (select extract(year from d.day)::smallint as year union select extract(year from d.listed_on)::smallint where d.listed_on is not null) y),
  placed as (
    select t.*, case when is_found then extract(month from day)::integer else 0 end as found, case when is_found and is_closed then extract(month from closed_on)::integer else 0 end as closed,
           case when is_listed then extract(month from listed_on)::integer else 0 end as listed,
           greatest(case when is_found then day end, case when is_found and is_closed then closed_on end, case when is_listed then listed_on end) as last_day
    from told t),
  gathered as (
    select p.year, p.chain_id, p.enterprise_id, max(p.last_day) as last_day,
           form_lay_out(array_agg(p.found), array_agg(p.closed), array_agg(p.major), array_agg(p.planned), array_agg(p.five), array_agg(p.fen), array_agg(p.listed), array_agg(p.provincial), array_agg(p.n)) as laid
    from placed p group by 1, 2, 3)
  select g.year, g.chain_id, g.enterprise_id, (g.laid).counts, (g.laid).funds, g.last_day from gathered g order by 1, 2, 3
$$;

-- Brings form_delta into hazard_form.
create or replace function forms_apply(p_district integer) returns void
language sql as $$
  insert into hazard_form as h (district_id, year, chain_id, enterprise_id, counts, funds, last_day)
  select p_district, r.* from form_rows() r
  on conflict (district_id, year, chain_id, enterprise_id) do update
    set counts = (select array_agg(a + b order by i) from unnest(h.counts, excluded.counts) with ordinality x (a, b, i)),
        funds = (select array_agg(a + b order by i) from unnest(h.funds, excluded.funds) with ordinality x (a, b, i)), last_day = greatest(h.last_day, excluded.last_day)
$$;

-- The hazards of a district as known now, into form_delta, p_n times each.
create or replace function forms_tell(p_district integer, p_n integer) returns void
language sql as $$
  insert into form_delta
  select w.chain_id, (w.e).enterprise_id, (w.e).day, (w.e).grade = 'major', (w.e).closed_on, (w.e).in_plan, (w.e).five_in_place, (w.e).funds_yuan, (w.e).listed_on, (w.e).listed_by = 'province', p_n
  from hazards_standing(p_district) w
$$;

-- Makes what is kept for the official tables of a district anew.
create or replace function forms_rebuild(p_district integer) returns void
language plpgsql as $$
begin
  delete from hazard_form where district_id = p_district;
  perform forms_tell(p_district, 1);
  perform forms_apply(p_district);
end $$;

-- Where what is kept for the official tables of a district, with what is pending, and its hazards disagree: nowhere, if all is well.
create or replace function forms_differing(p_district integer) returns table (chain_id integer, year date, kept bigint, counted bigint)
language plpgsql as $$
begin
  perform fold_tables();
  perform forms_tell(p_district, 1);
  insert into form_delta
  select p.chain_id, p.enterprise_id, p.day, p.grade = 'major', p.closed_on, p.in_plan, p.five_in_place, p.funds_yuan, p.listed_on, p.listed_by_province, -p.n
  from tally_pending p where p.district_id = p_district and p.kind = 'hazard';
  return query
    select coalesce(h.chain_id, r.chain_id), make_date(coalesce(h.year, r.year), 1, 1), coalesce((select sum(k) from unnest(h.counts) k), 0), coalesce((select sum(k) from unnest(r.counts) k), 0)
    from (select * from hazard_form f where f.district_id = p_district) h full join form_rows() r using (year, chain_id, enterprise_id)
    where (h.counts is distinct from r.counts or h.funds is distinct from r.funds)
      and exists (select from unnest(h.counts, r.counts) x (a, b) where coalesce(a, 0) <> coalesce(b, 0) union all select from unnest(h.funds, r.funds) x (a, b) where coalesce(a, 0) <> coalesce(b, 0));
end $$;
