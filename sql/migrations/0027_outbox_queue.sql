-- The outbox is a queue since there are notices: nobody reads it by the numbers of transactions any more. What goes along with a plan is counted on the district's own day.
alter table outbox drop column tx;
drop function if exists goes_along(integer, bigint);
