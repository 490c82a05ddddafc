-- The last day of [$3, $4) on which a cell lived. $1 id, or null and $2 "scheme:code". No row when it did not.
select l.cell_id, l.district_id, (least(coalesce(upper(l.valid), $4::date), $4::date) - 1)::date as day
from cell_life l
where upper_inf(l.recorded) and l.valid && daterange($3::date, $4::date)
  and l.cell_id in (select $1::bigint union all
                    select k.cell_id from cell_code k where k.scheme = split_part($2, ':', 1)
                      and k.code = substr($2, strpos($2, ':') + 1) and k.valid && daterange($3::date, $4::date) and upper_inf(k.recorded))
order by upper(l.valid * daterange($3::date, $4::date)) desc limit 1
