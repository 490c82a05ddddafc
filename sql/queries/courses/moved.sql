-- The same as waiting.sql of what stands elsewhere on a map day: where it is stamped and where it stands. $1 district, $2 source or '', $3 grade or '', $7 map day.
select h.stamped, h.placed, coalesce(p.closed_on < $6::date, false) as closed, case when p.closed_on < $6::date then p.closed_on else $6::date end - p.day as took, sum(p.n) as n
from tally_pending p join chain_move h on h.id = p.chain_id and h.valid @> $7::date
where p.district_id = $1::int and p.kind = 'hazard' and p.day >= $4::date and p.day < $5::date and ($2::text = '' or p.source = $2::text) and ($3::text = '' or p.grade = $3::text)
group by 1, 2, 3, 4 having sum(p.n) <> 0
