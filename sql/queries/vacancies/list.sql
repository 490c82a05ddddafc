-- Posts without a regular holder on a day, by cell and post: required ones without any, and those that only an acting holder fills. $1 district, $2 day, $3 cell
-- that theirs is, or lies in, $4 level or null, $5 post or null, $6 after, $7 how many. `since` is the first day without a regular holder: the end of the last
-- one's term, or the beginning of the cell.
with recursive inside as (
  select $3::bigint as cell_id
  union
  select p.cell_id from inside i join cell_parent p on p.district_id = $1::int and p.parent_id = i.cell_id and p.valid @> $2::date and upper_inf(p.recorded))
select v.id, jsonb_build_object('id', v.id, 'district', v.district_id, 'level', (array['district', 'town', 'village', 'enterprise'])[v.level],
         'cell', jsonb_build_object('id', v.cell_id, 'code', v.code, 'name', v.name), 'post', v.post, 'post_name', jsonb_build_object('zh', v.name_zh, 'en', v.name_en),
         'since', v.since, 'days', $2::date - v.since, 'acting', coalesce(v.acting, '[]'::jsonb))::text as doc
from (
  select c.district_id, c.id as cell_id, c.level, k.code, n.name, t.code as post, t.name_zh, t.name_en, c.id::text || '~' || t.code as id,
         coalesce((select max(upper(a.valid)) from assignment a
                   where a.district_id = c.district_id and a.cell_id = c.id and a.post = t.code and not a.acting and upper(a.valid) <= $2::date and upper_inf(a.recorded)), lower(l.valid)) as since,
         (select jsonb_agg(jsonb_build_object('person', p.id, 'person_name', p.name, 'from', lower(a.valid), 'to', upper(a.valid)) order by a.id)
          from assignment a join person p on p.district_id = a.district_id and p.id = a.person_id
          where a.district_id = c.district_id and a.cell_id = c.id and a.post = t.code and a.acting and a.valid @> $2::date and upper_inf(a.recorded)) as acting
  from inside i
  join cell c on c.district_id = $1::int and c.id = i.cell_id and ($4::int is null or c.level = $4::int)
  join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> $2::date and upper_inf(l.recorded)
  join cell_name n on n.district_id = c.district_id and n.cell_id = c.id and n.valid @> $2::date and upper_inf(n.recorded)
  join cell_code k on k.district_id = c.district_id and k.cell_id = c.id and k.valid @> $2::date and upper_inf(k.recorded)
  join post t on t.level = c.level and t.required and ($5::text is null or t.code = $5::text)
  where not exists (select from assignment a where a.district_id = c.district_id and a.cell_id = c.id and a.post = t.code and not a.acting and a.valid @> $2::date and upper_inf(a.recorded))) v
where $6::text is null or (v.cell_id, v.post) > (split_part($6::text, '~', 1)::bigint, split_part($6::text, '~', 2))
order by v.cell_id, v.post limit $7::int
