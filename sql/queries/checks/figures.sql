-- Where kept counts and the events disagree: nowhere, if all is well. $1 district.
with kept as (
  select series_id, chain_id, sum(n) as n, day from (
    select series_id, chain_id, (month + i - 1) as day, days[i] - case when i = 1 then 0 else days[i - 1] end as n
    from tally, generate_series(1, 31) i where district_id = $1::int and days is not null
    union all
    select series_id, chain_id, day, n from tally_pending where district_id = $1::int) x
  group by series_id, chain_id, day having sum(n) <> 0)
select coalesce(k.series_id, r.series_id) as series_id, coalesce(k.chain_id, r.chain_id) as chain_id,
       coalesce(k.day, r.day) as day, coalesce(k.n, 0) as kept, coalesce(r.n, 0) as counted
from kept k
full join recount($1::int) r on r.series_id = k.series_id and r.chain_id = k.chain_id and r.day = k.day
where coalesce(k.n, 0) <> coalesce(r.n, 0)
