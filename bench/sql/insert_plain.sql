-- An event written plainly: the row, its key and its trail, without stamp and counts.
begin;
with one as (select gen_random_uuid() as id), k as (insert into event_key select 1, id, 'hazard', date '2015-06-01' from one)
insert into hazard (district_id, id, day, location, chain_id, rule, source, grade)
select (select id from district where scheme = 'chicago'), id, date '2015-06-01', ST_SetSRID(ST_MakePoint(-87.63, 41.88), 4490), (select min(id) from chain), 'shape', 'patrol', 'general' from one;
insert into audit (district_id, actor, action, entity, entity_id) values (1, 'bench', 'create', 'hazard', 'x');
commit;
