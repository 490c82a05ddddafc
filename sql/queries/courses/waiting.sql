-- What is not folded yet of hazards found in [$4, $5) and how they went up to $6: per place and days taken, how many more (or fewer) were closed before $6 and how many were
-- still open then. $1 district, $2 source or '', $3 grade or ''.
select coalesce(h.district_cell, 0) as district_cell, coalesce(h.town_cell, 0) as town_cell, coalesce(h.village_cell, 0) as village_cell, coalesce(p.closed_on < $6::date, false) as closed,
       case when p.closed_on < $6::date then p.closed_on else $6::date end - p.day as took, sum(p.n) as n
from tally_pending p join chain h on h.id = p.chain_id
where p.district_id = $1::int and p.kind = 'hazard' and p.day >= $4::date and p.day < $5::date and ($2::text = '' or p.source = $2::text) and ($3::text = '' or p.grade = $3::text)
group by 1, 2, 3, 4, 5 having sum(p.n) <> 0
