-- Where kept counts and the events disagree: nowhere, if all is well. $1 district.
with kept as (
  select series_id, chain_id, sum(n) as n, day from (
    select series_id, chain_id, (month + i - 1) as day, days[i] - case when i = 1 then 0 else days[i - 1] end as n
    from tally, generate_series(1, 31) i where district_id = $1::int and days is not null
    union all
    select series_of(kind, source, grade), chain_id, day, n from (select * from tally_waiting($1::int) union all select * from recurrences_waiting($1::int, '{hazard_followed,hazard_recurred}')) w) x
  group by series_id, chain_id, day having sum(n) <> 0),
running as (
  select t.series_id, t.chain_id, t.month, t.before, coalesce(sum(t.days[31]) over earlier, 0) as counted,
         lead(t.month) over months as next, s.last_month
  from tally t join tally_span s on s.district_id = t.district_id and s.series_id = t.series_id
  where t.district_id = $1::int
  window months as (partition by t.series_id, t.chain_id order by t.month),
         earlier as (partition by t.series_id, t.chain_id order by t.month rows between unbounded preceding and 1 preceding))
select coalesce(k.series_id, r.series_id) as series_id, coalesce(k.chain_id, r.chain_id) as chain_id,
       coalesce(k.day, r.day) as day, coalesce(k.n, 0) as kept, coalesce(r.n, 0) as counted
from kept k
full join (select * from recount($1::int) union all select * from recount_recurrences($1::int)) r on r.series_id = k.series_id and r.chain_id = k.chain_id and r.day = k.day
where coalesce(k.n, 0) <> coalesce(r.n, 0)
union all
-- What came before a month, and a chain that has no row for each month up to the last.
select series_id, chain_id, month, before, counted from running
where before <> counted or next <> month + interval '1 month' or next is null and month <> last_month
union all
-- How hazards went, and whether they came again.
select series_id, chain_id, day, kept, counted from courses_differing($1::int)
union all
-- What the official tables count.
select null, chain_id, year, kept, counted from forms_differing($1::int)
