-- What an assessment counts. $1 id. Arrays with commas between; as_of, source, grade and known_at empty where there is none.
select a.id, a.district_id, a.kind, a.status, a.cell_id, a.title, a.document_no, a.from_day, a.to_day, a.mode, coalesce(a.as_of::text, '') as as_of, array_to_string(a.levels, ',') as levels,
       array_to_string(a.measures, ',') as measures, coalesce(a.source, '') as source, coalesce(a.grade, '') as grade, coalesce(instant(a.known_at), '') as known_at
from assessment a where a.id = $1::uuid
