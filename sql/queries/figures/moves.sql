-- What stands elsewhere on a map day: per kind, where it was stamped and where it stands. $1 district, $2 source or '',
-- $3 grade or '', $4 from, $5 to, $6 which kinds, as an array, $7 hazards by source and grade apart, $8 map day.
select s.kind, case when $7::boolean then s.source else '' end as source, case when $7::boolean or s.kind not like 'hazard%' then s.grade else '' end as grade,
       m.stamped, m.placed, coalesce(sum(m.n) filter (where m.day < $4::date), 0) as before_from,
       coalesce(sum(m.n) filter (where m.day < $5::date), 0) as before_to
from tally_move m join series s on s.id = m.series_id
where m.district_id = $1::int and m.valid @> $8::date and s.kind = any($6::text[])
  and (s.kind not like 'hazard%' or (($2::text = '' or s.source = $2::text) and ($3::text = '' or s.grade = $3::text)))
group by 1, 2, 3, 4, 5
union all
-- Whether hazards came again is settled by others: of those that stand elsewhere it is read from the events.
select k.kind, case when $7::boolean then e.source else '' end, case when $7::boolean then e.grade else '' end, coalesce(h.leaf, 0), coalesce(m.leaf, 0), 0, count(*)
from event_move m
join hazard e on e.district_id = m.district_id and e.id = m.event_id and e.day = m.day and upper_inf(e.recorded)
join chain h on h.id = e.chain_id
cross join lateral (select 'hazard_followed' as kind union all select 'hazard_recurred' where hazard_recurred(e, 'infinity')) k
where 'hazard_followed' = any($6::text[]) and m.district_id = $1::int and m.valid @> $8::date and upper_inf(m.recorded) and k.kind = any($6::text[])
  and e.closed_on >= $4::date and e.closed_on < $5::date and e.enterprise_id is not null and e.category is not null
  and ($2::text = '' or e.source = $2::text) and ($3::text = '' or e.grade = $3::text)
group by 1, 2, 3, 4, 5
