-- Events as the lists tell them (events_list), with the codes and names of their day, for a file. $1 kind, $2 district, $3 cell or null,
-- $4 enterprise or null, $5 from or null, $6 to or null, $7 how many.
select l.day, l.doc->>'id' as id, l.doc->>'at' as at, l.doc->>'rule' as rule, ek.code as enterprise_code, en.name as enterprise, ck.code as cell_code,
       cn.name as cell_name, l.doc->>'source' as source, l.doc->>'grade' as grade, l.doc->>'category' as category, l.doc->>'description' as description,
       l.doc->>'due_on' as due_on, l.doc->>'rectified_on' as rectified_on, l.doc->>'closed_on' as closed_on, l.doc->>'visit_kind' as visit_kind,
       l.doc->>'result' as result, l.doc->>'outcome' as outcome, l.doc->>'officer' as officer, l.doc->>'deaths' as deaths,
       l.doc->>'serious_injuries' as serious_injuries, l.doc->>'direct_loss_yuan' as direct_loss_yuan, l.doc->>'lon' as lon, l.doc->>'lat' as lat,
       ST_AsBinary(ST_MakePoint((l.doc->>'lon')::float8, (l.doc->>'lat')::float8), 'NDR') as wkb
from (select day, doc::jsonb as doc from events_list($1, $2::int, $3::bigint, false, null, 'infinity', jsonb_strip_nulls(jsonb_build_object(
        'enterprise', $4::bigint, 'from', $5::date, 'to', $6::date)), null, null, $7::int)) l
left join cell_code ck on ck.district_id = $2::int and ck.cell_id = (l.doc->>'cell')::bigint and ck.valid @> l.day and upper_inf(ck.recorded)
left join cell_name cn on cn.district_id = $2::int and cn.cell_id = (l.doc->>'cell')::bigint and cn.valid @> l.day and upper_inf(cn.recorded)
left join cell_code ek on ek.district_id = $2::int and ek.cell_id = (l.doc->>'enterprise')::bigint and ek.valid @> l.day and upper_inf(ek.recorded)
left join cell_name en on en.district_id = $2::int and en.cell_id = (l.doc->>'enterprise')::bigint and en.valid @> l.day and upper_inf(en.recorded)
order by l.day, id
