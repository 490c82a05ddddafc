-- Holders of posts that need a certificate, where it does not hold through their term, or, of an open term, ends within $3 days: the day up to which it
-- holds (null: it does not hold now). $1 district, $2 day, $3 days.
select a.id, a.cell_id, a.post, t.name_zh, t.name_en, t.certificate, a.person_id, p.name, upper(a.valid) as term_to, h.until
from assignment a
join post t on t.code = a.post and t.certificate is not null
join person p on p.district_id = a.district_id and p.id = a.person_id
cross join lateral (
  select range_agg(f.valid) as held
  from certificate f where f.district_id = a.district_id and f.person_id = a.person_id and f.kind = t.certificate and upper_inf(f.recorded)) g
cross join lateral (select coalesce(g.held @> $2::date, false) as holds, (select upper(r) from unnest(g.held) r where r @> $2::date) as until) h
where a.district_id = $1::int and a.valid @> $2::date and upper_inf(a.recorded)
  and (not h.holds or h.until < coalesce(upper(a.valid), $2::date + $3::int))
order by a.cell_id, a.id
