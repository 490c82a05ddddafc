-- Makes the events of a database :scale times as many: copies in the same place and year, on a day drawn at random. Their indexes are
-- made anew after it, the same as before.
set session_replication_role = replica;  -- the copies refer to what the first refer to
set maintenance_work_mem = '1GB';
set work_mem = '256MB';
set synchronous_commit = off;
create table index_of as
  select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made, c.conname, pg_get_constraintdef(c.oid) as constrains, i.indrelid::regclass::text as of
  from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype = 'p'
  where i.indrelid in ('hazard'::regclass, 'inspection'::regclass, 'event_key'::regclass);
do $$
declare r record;
begin
  alter table attachment drop constraint attachment_district_id_event_id_fkey;
  alter table hazard_step drop constraint hazard_step_district_id_hazard_id_fkey;
  for r in select * from index_of loop
    if r.conname is not null then execute format('alter table %s drop constraint %I', r.of, r.conname);
    else execute format('drop index %s', r.name); end if;
  end loop;
end $$;
insert into hazard (district_id, id, day, location, chain_id, rule, external_id, source, grade, category, closed_on)
  select district_id, gen_random_uuid(), drawn, location, chain_id, rule, external_id || '-' || n, source, grade, category, drawn + took
  from (select h.*, n, closed_on - day as took, make_date(extract(year from day)::int, 1, 1) + (random() * 364)::int as drawn
        from hazard h cross join generate_series(2, :scale) n) copy;
insert into inspection (district_id, id, day, enterprise_id, location, chain_id, rule, external_id, visit_kind, result, outcome)
  select district_id, gen_random_uuid(), drawn, enterprise_id, location, chain_id, rule, external_id || '-' || n, visit_kind, result, outcome
  from (select i.*, n, make_date(extract(year from day)::int, 1, 1) + (random() * 364)::int as drawn
        from inspection i cross join generate_series(2, :scale) n) copy;
truncate event_key;
insert into event_key select district_id, id, 'hazard', day from hazard union all select district_id, id, 'inspection', day from inspection;
do $$
declare r record;
begin
  for r in select * from index_of order by conname nulls last loop
    if r.conname is not null then execute format('alter table %s add constraint %I %s', r.of, r.conname, r.constrains);
    else execute replace(r.made, ' ON ONLY ', ' ON '); end if;
  end loop;
end $$;
alter table attachment add constraint attachment_district_id_event_id_fkey foreign key (district_id, event_id) references event_key (district_id, id);
alter table hazard_step add constraint hazard_step_district_id_hazard_id_fkey foreign key (district_id, hazard_id) references event_key (district_id, id);
drop table index_of;
analyze;
begin;
create temp table incoming_event on commit drop as select enterprise_id, day from inspection;
select mark_years('inspection', 1);
select tally_rebuild(1);
commit;
vacuum analyze;
