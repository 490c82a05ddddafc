-- The cells above one on a day, nearest first; the cell itself is the first row. $1 cell, $2 day.
with recursive up as (
  select c.district_id, c.id, 0 as step from cell c where c.id = $1::bigint
  union all
  select u.district_id, p.parent_id, u.step + 1 from up u
  join cell_parent p on p.district_id = u.district_id and p.cell_id = u.id and p.valid @> $2::date and upper_inf(p.recorded))
select id from up order by step
