-- The day from which a plan holds, and what tells apart the states of it that are foreseen on one version of a district: its revision, and what is scheduled up to its day. $1 id.
select r.effective_on as day, r.id || ' ' || r.revision || ' ' || r.status || ' ' || md5(coalesce((
  select string_agg(s.id || ':' || s.revision, ',' order by s.effective_on, s.scheduled_at) from reassignment s
  where s.district_id = r.district_id and s.status = 'scheduled' and s.id <> r.id and s.effective_on <= r.effective_on), '')) as key
from reassignment r where r.id = $1::uuid
