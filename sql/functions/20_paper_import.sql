-- Merging imported rows that are neither cells nor events; they stand in the temporary table incoming (external_id, row).

-- Takes certificates, exemptions, contact points, holders of posts of overlays or steps out of incoming that name a person, cell, enterprise, area or hazard that is not there, or (key) are there already as
-- another step; says which, and what they name.
create or replace function incoming_bad_papers(p_kind text, p_district integer)
returns table (external_id text, what text, value text) language plpgsql as $$
#variable_conflict use_column
begin
  return query
  with wrong as (
    select i.external_id, 'person' as what, i.row->>'person' as value from incoming i
    where p_kind in ('certificate', 'contact_point', 'overlay_holder') and not exists (select from person p where p.district_id = p_district and p.external_id = i.row->>'person')
    union all
    select i.external_id, 'cell', i.row->>'cell' from incoming i where p_kind = 'contact_point' and i.row->>'enterprise' is null and standing_cell(p_district, i.row) is null
    union all
    select i.external_id, 'enterprise', i.row->>'enterprise' from incoming i
    where (p_kind = 'exemption' or p_kind = 'contact_point' and i.row->>'enterprise' is not null) and not exists (select from cell c where c.district_id = p_district and c.id = (i.row->>'cell_id')::bigint and c.level = 4)
    union all
    select i.external_id, 'area', i.row->>'area' from incoming i where p_kind = 'overlay_holder' and overlay_area_of(p_district, i.row) is null
    union all
    select i.external_id, 'hazard', i.row->>'hazard' from incoming i
    where p_kind = 'step' and not exists (select from event_key k where k.district_id = p_district and k.id = (i.row->>'hazard_id')::uuid and k.kind = 'hazard')
    union all
    select i.external_id, 'key', i.external_id from incoming i
    join hazard_step s on s.district_id = p_district and s.external_id = i.external_id
    where p_kind = 'step' and (s.hazard_id, s.step, s.day, s.person, s.reason, s.facts) is distinct from
      ((i.row->>'hazard_id')::uuid, i.row->>'step', (i.row->>'day')::date, i.row->>'person', i.row->>'reason', step_facts(i.row))),
  gone as (delete from incoming i using wrong w where i.external_id = w.external_id)
  select w.external_id, w.what, w.value from wrong w order by w.external_id collate "C";
end $$;

-- What an imported step settles.
create or replace function step_facts(p_row jsonb) returns jsonb language sql immutable as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'grade', p_row->'grade', 'standard', p_row->'standard', 'due_on', p_row->'due_on', 'passed', (p_row->>'passed')::boolean, 'listed_by', p_row->'listed_by',
    'transferred_to', p_row->'transferred_to', 'in_plan', (p_row->>'in_plan')::boolean, 'five_in_place', (p_row->>'five_in_place')::boolean, 'funds_yuan', (p_row->>'funds_yuan')::numeric))
$$;

-- The cell of an imported row: the enterprise that it names, or else the cell that has its code on its first day.
create or replace function standing_cell(p_district integer, p_row jsonb) returns bigint language sql stable as $$
  select coalesce((p_row->>'cell_id')::bigint, (select k.cell_id from district d join cell_code k on k.district_id = d.id and k.scheme = d.scheme and k.code = p_row->>'cell'
                                                  and k.valid @> (p_row->>'from')::date and upper_inf(k.recorded) where d.id = p_district))
$$;

-- Merges certificates, exemptions, contact points or holders of posts of overlays: changed ones are superseded.
create or replace function papers_import(p_table text, p_district integer, out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
declare r record;
begin
  create temp table paper on commit drop as
    select i.external_id, (i.row - '{person,enterprise,cell,overlay,area,from,to}'::text[]) || jsonb_build_object('valid', daterange((i.row->>'from')::date, (i.row->>'to')::date), 'external_id', i.external_id)
           || case when p.id is null then '{}' else jsonb_build_object('person_id', p.id) end
           || case when p_table = 'contact_point' then jsonb_build_object('cell_id', standing_cell(p_district, i.row))
                   when p_table = 'overlay_holder' then jsonb_build_object('area_id', overlay_area_of(p_district, i.row), 'acting', coalesce(i.row->'acting', 'false')) else '{}' end as row
    from incoming i left join person p on p.district_id = p_district and p.external_id = i.row->>'person';
  changed := 0;
  for r in execute format('select t.id, f.row from paper f join %1$I t on t.district_id = $1 and t.external_id = f.external_id and upper_inf(t.recorded)
                           where jsonb_populate_record(t, f.row) is distinct from t', p_table) using p_district loop
    perform paper_put(p_table, paper_supersede(p_table, p_district, r.id) || r.row);
    changed := changed + 1;
  end loop;
  execute format('select count(paper_put(%1$L, f.row || jsonb_build_object(''district_id'', $1, ''id'', nextval(pg_get_serial_sequence(%1$L, ''id'')))))
                  from paper f where not exists (select from %1$I t where t.district_id = $1 and t.external_id = f.external_id and upper_inf(t.recorded))', p_table)
    into added using p_district;
  select count(*) - added - changed into same from paper;
  drop table paper;
end $$;

-- Adds the steps of hazards that are not there yet. They are told, not taken: what they settled is in the columns of the hazards.
create or replace function steps_import(p_district integer, p_actor text, out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
begin
  insert into hazard_step (district_id, external_id, hazard_id, step, day, person, reason, facts, actor)
  select p_district, i.external_id, (i.row->>'hazard_id')::uuid, i.row->>'step', (i.row->>'day')::date, i.row->>'person', i.row->>'reason', step_facts(i.row), p_actor
  from incoming i where not exists (select from hazard_step s where s.district_id = p_district and s.external_id = i.external_id);
  get diagnostics added = row_count;
  select 0, count(*) - added into changed, same from incoming;
end $$;
