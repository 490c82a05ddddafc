-- An overlay, or all of a district by code, and whether they are there on a day. $1 district, $2 id or null, $3 day.
select o.id, o.code, o.name, o.kind, o.valid @> $3::date as holds from overlay o where o.district_id = $1::int and ($2::bigint is null or o.id = $2::bigint) and upper_inf(o.recorded)
order by o.code collate "C"
