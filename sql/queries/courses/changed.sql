-- The courses of a district that changed after a fold, by chain and year: how many days since 1970-01-01 the year begins, then for each entry the day of the year, the
-- days taken (-1: open), the series of hazard_found and how many. Of what stands elsewhere on some map days: where it is stamped, where it stands and on which days, in days
-- since 1970-01-01, which have no end (null) or one. $1 district, $2 fold (-1: all).
select c.chain_id, c.year, make_date(c.year, 1, 1) - date '1970-01-01' as start, coalesce(h.district_cell, 0) as district_cell, coalesce(h.town_cell, 0) as town_cell,
       coalesce(h.village_cell, 0) as village_cell, v.stamped, v.placed, lower(v.valid) - date '1970-01-01' as elsewhere_from, upper(v.valid) - date '1970-01-01' as elsewhere_to,
       c.found::text as found, c.took::text as took, c.series_id::text as series_id, c.n::text as n
from hazard_course c left join chain h on h.id = c.chain_id left join chain_move v on v.id = c.chain_id
where c.district_id = $1::int and c.fold > $2::bigint order by c.chain_id, c.year
