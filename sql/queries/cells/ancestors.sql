-- The cells above one on a day, nearest first; the cell itself is the first row. $1 cell, $2 day.
with recursive up as (
  select $1::bigint as id, 0 as step
  union all
  select p.parent_id, u.step + 1 from up u
  join cell_parent p on p.cell_id = u.id and p.valid @> $2::date and upper_inf(p.recorded))
select id from up order by step
