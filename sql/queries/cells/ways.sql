-- For each of some cells, itself and the cells above it on a day. $1 cells, as an array, $2 day or null (today in the time zone of each).
with recursive up as (
  select c.district_id, c.id as cell_id, c.id, coalesce($2::date, (now() at time zone d.time_zone)::date) as day
  from cell c join district d on d.id = c.district_id where c.id = any($1::bigint[])
  union all
  select u.district_id, u.cell_id, p.parent_id, u.day from up u
  join cell_parent p on p.district_id = u.district_id and p.cell_id = u.id and p.valid @> u.day and upper_inf(p.recorded))
select cell_id, id from up
