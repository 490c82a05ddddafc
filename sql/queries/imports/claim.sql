-- One import at a time: the second sees what the first wrote. $1 whether to wait for one that runs.
select case when $1::boolean then pg_advisory_xact_lock(7103) is not null else pg_try_advisory_xact_lock(7103) end as claimed
