-- Marks the database as that of a demo.
insert into meta (key, value) values ('demo', 'true') on conflict do nothing
