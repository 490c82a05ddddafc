-- Who could act in a vacant post: of those who hold the same post in another cell under the same parent (able_holders()), the one with the fewest cells of it. $1 district, $2 day.
select distinct on (w.parent_id, w.post) w.parent_id, w.post, w.person_id
from able_holders($1::int, $2::date) w
order by w.parent_id, w.post, w.cells, w.person_id
