-- Codes of a day that another cell of the district bore before it. $1 district, $2 day.
select k.cell_id, k.code, o.cell_id as former, upper(o.valid) as until
from cell_code k
join cell c on c.district_id = k.district_id and c.id = k.cell_id and c.level <= 3
join cell_code o on o.district_id = k.district_id and o.scheme = k.scheme and o.code = k.code and o.cell_id <> k.cell_id and upper(o.valid) <= lower(k.valid) and upper_inf(o.recorded)
where k.district_id = $1::int and k.valid @> $2::date and upper_inf(k.recorded)
order by k.cell_id, o.cell_id
