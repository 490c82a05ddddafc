-- Hazards as known now, by day and id. $1 district, $2 cell or null (of the stamped chain, at any level), $3 found from or
-- null, $4 found before or null, $5 open before this day or null, $6 source or '', $7 grade or '', $8 after day or null,
-- $9 after id or null, $10 how many, $11 only what lies directly in the cell.
select e.id, e.day, e.enterprise_id, h.leaf, e.rule, ST_X(e.location) as lon, ST_Y(e.location) as lat, e.external_id,
       e.source, e.grade, e.category, e.due_on, e.rectified_on, e.closed_on
from hazard e join chain h on h.id = e.chain_id
where e.district_id = $1::int and upper_inf(e.recorded)
  and ($2::bigint is null
       or e.chain_id in (select id from chain where district_id = $1::int and case when $11::boolean
            then coalesce(leaf, 0) = $2::bigint else $2::bigint in (district_cell, town_cell, village_cell) end))
  and ($3::date is null or e.day >= $3::date) and ($4::date is null or e.day < $4::date)
  and ($5::date is null or (e.day < $5::date and (e.closed_on is null or e.closed_on >= $5::date)))
  and ($6::text = '' or e.source = $6::text) and ($7::text = '' or e.grade = $7::text)
  and ($8::date is null or (e.day, e.id) > ($8::date, $9::uuid))
order by e.day, e.id limit $10::int
