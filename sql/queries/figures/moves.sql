-- What stands elsewhere on a map day: per kind, where it was stamped and where it stands. $1 district, $2 source or '',
-- $3 grade or '', $4 from, $5 to, $6 map day.
select s.kind, m.stamped, m.placed, coalesce(sum(m.n) filter (where m.day < $4::date), 0) as before_from,
       coalesce(sum(m.n) filter (where m.day < $5::date), 0) as before_to
from tally_move m join series s on s.id = m.series_id
where m.district_id = $1::int and m.valid @> $6::date
  and ((s.kind in ('hazard_found', 'hazard_closed') and ($2::text = '' or s.source = $2::text) and ($3::text = '' or s.grade = $3::text))
    or (s.kind in ('inspection', 'patrol') and s.grade = 'completed'))
group by 1, 2, 3
