-- What waits: rows of the outbox that are not numbered yet, for how many seconds the first of them has, those that were put aside as nobody can be told of them, and counts that are not folded. Of the outbox ten thousand rows
-- are looked at.
select count(o) as outbox_rows, coalesce(greatest(extract(epoch from clock_timestamp() - min(o.at)), 0), 0) as outbox_seconds,
       (select count(*) from notice_untold) as outbox_untold, (select count(*) from tally_pending) as pending_counts
from (select * from outbox order by id limit 10000) o
