-- Required posts without a holder on a day: of areal cells one by one, of enterprises how many in each cell that they lie in (0: in none).
-- $1 district, $2 day.
select case when c.level = 4 then coalesce(p.parent_id, 0) else c.id end as cell_id, t.code as post, t.name_zh, t.name_en, c.level, count(*) as cells
from cell c
join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> $2::date and upper_inf(l.recorded)
join post t on t.level = c.level and t.required
left join cell_parent p on p.district_id = c.district_id and p.cell_id = c.id and p.valid @> $2::date and upper_inf(p.recorded)
where c.district_id = $1::int and not exists (
  select from assignment a where a.district_id = c.district_id and a.cell_id = c.id and a.post = t.code and a.valid @> $2::date and upper_inf(a.recorded))
group by 1, 2, 3, 4, 5
order by 1, 2
