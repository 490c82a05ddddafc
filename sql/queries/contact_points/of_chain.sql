-- Whose contact points some cells are on a day, in the order of the cells. $1 cells, as an array, $2 day, $3 with whole phones.
select c.cell_id, c.visit_days, p.id, p.name, coalesce(mask_phone(p.phone, $3::boolean), '') as phone
from unnest($1::bigint[]) with ordinality w (cell_id, place)
join contact_point c on c.cell_id = w.cell_id and c.valid @> $2::date and upper_inf(c.recorded)
join person p on p.district_id = c.district_id and p.id = c.person_id order by w.place, c.id
