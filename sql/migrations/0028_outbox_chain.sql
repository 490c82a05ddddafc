-- Where the thing lies of which an outbox row tells is known to who writes an event: to look it up again for each row took longer than to write the row.
alter table outbox add column chain_id integer, add column enterprise_id bigint;
