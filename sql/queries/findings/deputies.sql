-- Who could act in a vacant post: those who hold the same post in another cell under the same parent on a day, with the certificate that it needs; the one with the fewest
-- cells of it. $1 district, $2 day.
select distinct on (w.parent_id, w.post) w.parent_id, w.post, w.person_id
from (
  select p.parent_id, a.post, a.person_id, count(*) as cells
  from assignment a
  join post t on t.code = a.post and t.level <= 3
  join cell_parent p on p.district_id = a.district_id and p.cell_id = a.cell_id and p.valid @> $2::date and upper_inf(p.recorded)
  where a.district_id = $1::int and a.valid @> $2::date and upper_inf(a.recorded) and not a.acting
    and (t.certificate is null or exists (
      select from certificate f where f.district_id = a.district_id and f.person_id = a.person_id and f.kind = t.certificate and f.valid @> $2::date and upper_inf(f.recorded)))
  group by 1, 2, 3) w
order by w.parent_id, w.post, w.cells, w.person_id
