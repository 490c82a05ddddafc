-- Holders of posts that need a certificate, where it does not hold through their term, or, of an open term, ends within $3 days: the day up to which it
-- holds (null: it does not hold now); and who could act in their place. $1 district, $2 day, $3 days.
with able as materialized (select * from able_holders($1::int, $2::date))
select a.id, a.cell_id, a.post, t.name_zh, t.name_en, t.certificate, a.person_id, a.is_primary, p.name, upper(a.valid) as term_to, h.until,
  (select w.person_id from cell_parent u join able w on w.parent_id = u.parent_id and w.post = a.post
   where u.district_id = a.district_id and u.cell_id = a.cell_id and u.valid @> $2::date and upper_inf(u.recorded) and w.person_id <> a.person_id and not exists (
     select from assignment x where x.district_id = a.district_id and x.cell_id = a.cell_id and x.post = a.post and x.person_id = w.person_id and x.valid @> $2::date and upper_inf(x.recorded))
   order by w.cells, w.person_id limit 1) as deputy
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
