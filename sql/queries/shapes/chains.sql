-- The chains of leaves on a day, those that events were stamped with already. $1 district, $2 day.
select p.leaf, h.id as chain_id
from paths($1::int, 'infinity') p
join chain h on h.district_id = $1::int and h.leaf = p.leaf and h.village_cell is not distinct from p.village_cell and h.town_cell is not distinct from p.town_cell
  and h.district_cell = p.district_cell
where p.valid @> $2::date
