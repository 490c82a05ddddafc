-- The last notice, and the one up to which they are no longer kept.
select id as last, kept_after from notice_head
