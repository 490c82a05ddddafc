-- The last seal of the trail, and how many rows wait for theirs.
select coalesce(max(n), 0) as n, coalesce((select encode(hash, 'hex') from audit_seal order by n desc limit 1), '') as hash,
       (select count(*) from audit a where not exists (select from audit_seal s where s.audit_id = a.id)) as unsealed
from audit_seal
