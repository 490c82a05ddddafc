-- The enterprises of a district on a day, for a file; phones are not in it. $1 district, $2 day, $3 cell that they are within or
-- null, $4 how many.
select e.cell_id as id, k.scheme, k.code, n.name, pk.code as cell_code, pn.name as cell_name, e.industry, e.headcount, e.risk_grade, e.address,
       e.principal, lower(l.valid) as valid_from, upper(l.valid) as valid_to, ST_X(e.location) as lon, ST_Y(e.location) as lat,
       ST_AsBinary(e.location, 'NDR') as wkb
from enterprise e
join cell_life l on l.district_id = e.district_id and l.cell_id = e.cell_id and l.valid @> $2::date and upper_inf(l.recorded)
join cell_name n on n.district_id = e.district_id and n.cell_id = e.cell_id and n.valid @> $2::date and upper_inf(n.recorded)
join cell_code k on k.district_id = e.district_id and k.cell_id = e.cell_id and k.valid @> $2::date and upper_inf(k.recorded)
left join cell_parent p on p.district_id = e.district_id and p.cell_id = e.cell_id and p.valid @> $2::date and upper_inf(p.recorded)
left join cell_code pk on pk.district_id = e.district_id and pk.cell_id = p.parent_id and pk.valid @> $2::date and upper_inf(pk.recorded)
left join cell_name pn on pn.district_id = e.district_id and pn.cell_id = p.parent_id and pn.valid @> $2::date and upper_inf(pn.recorded)
left join ways($1::int, $2::date, $2::date + 1, 'infinity') w on w.leaf = p.parent_id
where e.district_id = $1::int and e.valid @> $2::date and upper_inf(e.recorded)
  and ($3::bigint is null or $3::bigint in (e.cell_id, w.leaf, w.village_cell, w.town_cell, w.district_cell))
order by k.code collate "C" limit $4::int
