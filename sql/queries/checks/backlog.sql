-- What waits: rows of the outbox that its readers may not take yet, since an older transaction still runs, for how many seconds the first of them
-- has, and counts that are not folded. Of the outbox the last ten thousand rows are looked at.
select count(o) as outbox_rows, coalesce(greatest(extract(epoch from clock_timestamp() - min(o.at)), 0), 0) as outbox_seconds,
       (select count(*) from tally_pending) as pending_counts
from outbox o
where o.id > (select coalesce(max(id), 0) - 10000 from outbox) and o.tx >= pg_snapshot_xmin(pg_current_snapshot())
