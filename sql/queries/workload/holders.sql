-- Who holds the posts that visit enterprises on a day, by person. $1 district, $2 day.
select a.cell_id, a.post, a.person_id, p.name, a.acting, c.level
from assignment a
join cell c on c.district_id = a.district_id and c.id = a.cell_id
join person p on p.district_id = a.district_id and p.id = a.person_id
where a.district_id = $1::int and a.valid @> $2::date and upper_inf(a.recorded) and a.post in ('safety_officer', 'enforcement_officer')
order by a.person_id, a.post, a.cell_id
