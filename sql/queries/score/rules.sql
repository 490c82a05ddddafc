-- The rules of the score that hold in a district on a day, a row a component. $1 district, $2 day, $3 known at or null (now).
select * from (
  select distinct on (r.component) r.component, r.measure, r.weight, r.scale, r.zero_at, r.full_at, r.district_id is not null as own, lower(r.valid) as since
  from score_rule r where (r.district_id = $1::int or r.district_id is null) and r.valid @> $2::date and r.recorded @> coalesce($3::timestamptz, 'infinity')
  order by r.component, r.district_id nulls last) x
order by x.weight desc, x.component
