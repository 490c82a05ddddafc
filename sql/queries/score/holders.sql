-- The posts of cells on a day with who holds them: a row a holder, and one without a person for each required post that is vacant. $1 district,
-- $2 day, $3 known at or null (now), $4 cells, as an array.
select c.id as cell_id, t.code as post, t.name_zh, t.name_en, coalesce(p.id, 0) as person, p.name, mask_phone(p.phone, false) as phone, coalesce(a.acting, false) as acting
from cell c
join post t on t.level = c.level
left join assignment a on a.district_id = c.district_id and a.cell_id = c.id and a.post = t.code and a.valid @> $2::date and a.recorded @> coalesce($3::timestamptz, 'infinity')
left join person p on p.district_id = a.district_id and p.id = a.person_id
where c.district_id = $1::int and c.id = any($4::bigint[]) and (t.required or a.id is not null)
order by c.id, t.rank, t.code, a.id
