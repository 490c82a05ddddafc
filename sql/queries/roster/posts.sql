-- The posts that a chain of responsibility must have filled, by level.
select code, level from post where required order by level, rank
