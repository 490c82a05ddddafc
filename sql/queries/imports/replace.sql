-- Places anew what this transaction's changes of known cells can have moved. $1 district, $2 the day from which they hold.
select r.enterprises, r.events
from (select array_agg(distinct x.cell_id) as cells from (
        select cell_id, district_id, recorded from cell_shape union all select cell_id, district_id, recorded from cell_parent
        union all select cell_id, district_id, recorded from cell_code union all select cell_id, district_id, recorded from cell_life) x
      join cell c on c.district_id = x.district_id and c.id = x.cell_id and c.level < 4
      where x.district_id = $1::int and lower(x.recorded) >= now()) changed,
     places_refresh($1::int, changed.cells, $2::date) r
where changed.cells is not null and exists (select from event_key where district_id = $1::int)
