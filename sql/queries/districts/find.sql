-- The district of a scheme; with $2, the one whose own code begins with it. $1 scheme, $2 beginning of a code or null.
select d.id from district d
where d.scheme = $1 and ($2::text is null or exists (
  select from cell_code k where k.district_id = d.id and k.cell_id = d.cell_id and starts_with(k.code, $2::text)))
order by d.id limit 1
