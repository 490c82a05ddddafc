-- What of the trail does not fit its seals. Nothing, if all is well.
select coalesce(n::text, '-') as n, audit_id, fault from audit_faults()
