-- What an import finds wrong with rows that are staged already.

-- Takes out of incoming_cell what names a parent that is no cell above it. An enterprise with a point stays, without that parent, as its
-- place tells where it belongs. `zero`: the parent is known with a zero before it.
create or replace function incoming_orphans(p_district integer, p_level smallint, p_scheme text, p_day date)
returns table (code text, parent_code text, placed boolean, zero boolean) language plpgsql as $$
#variable_conflict use_column
begin
  return query
  with lost as (
    select i.code, i.parent_code, coalesce(i.facts ? 'location', false) as placed,
           exists (select from cell_code k where k.district_id = p_district and k.scheme = p_scheme and k.code = '0' || i.parent_code) as zero
    from incoming_cell i
    where i.parent_code is not null and not exists (
      select from cell_code k join cell c on c.district_id = k.district_id and c.id = k.cell_id and c.level < p_level
      where k.district_id = p_district and k.scheme = p_scheme and k.code = i.parent_code and upper_inf(k.recorded)
        and k.valid && daterange(coalesce(i.valid_from, p_day), i.valid_to))),
  kept as (update incoming_cell i set parent_code = null from lost l where l.placed and i.code = l.code),
  gone as (delete from incoming_cell i using lost l where not l.placed and i.code = l.code)
  select l.code, l.parent_code, l.placed, l.zero from lost l order by l.code collate "C";
end $$;

-- Takes out of incoming what is no assignment, and says what is wrong with it: post, person, cell or to; or, of a post that one person
-- holds at a time, from: another holds it then.
create or replace function incoming_bad_assignments(p_district integer, p_scheme text, p_enterprise_scheme text)
returns table (external_id text, what text, value text) language plpgsql as $$
#variable_conflict use_column
begin
  return query
  with asked as (
    select i.external_id, i.row->>'cell' as code, i.row->>'person' as key, i.row->>'post' as post, (i.row->>'from')::date as day, (i.row->>'to')::date as until,
           t.level, t.is_primary, p.id as person_id, k.cell_id
    from incoming i
    left join post t on t.code = i.row->>'post'
    left join person p on p.district_id = p_district and p.external_id = i.row->>'person'
    left join lateral (
      select k.cell_id from cell_code k join cell c on c.district_id = k.district_id and c.id = k.cell_id and c.level = t.level
      where k.district_id = p_district and k.scheme = case t.level when 4 then p_enterprise_scheme else p_scheme end and k.code = i.row->>'cell'
        and upper_inf(k.recorded) and k.valid @> (i.row->>'from')::date limit 1) k on true),
  held as (
    select a.external_id from asked a
    where a.is_primary and (a.until is null or a.until > a.day) and (
      exists (select from assignment h where h.district_id = p_district and h.cell_id = a.cell_id and h.post = a.post and h.is_primary and upper_inf(h.recorded)
                and h.valid && daterange(a.day, a.until) and (h.person_id, lower(h.valid)) is distinct from (a.person_id, a.day))
      or exists (select from asked b where b.external_id < a.external_id and b.cell_id = a.cell_id and b.post = a.post and (b.until is null or b.until > b.day)
                   and daterange(b.day, b.until) && daterange(a.day, a.until) and (b.person_id, b.day) is distinct from (a.person_id, a.day)))),
  wrong as (
    select a.external_id, a.code, a.key, a.post, case when a.level is null then 'post' when a.person_id is null then 'person' when a.cell_id is null then 'cell'
           when a.until <= a.day then 'to' else 'from' end as what
    from asked a
    where a.level is null or a.person_id is null or a.cell_id is null or a.until <= a.day or a.external_id in (select external_id from held)),
  gone as (delete from incoming i using wrong w where i.external_id = w.external_id)
  select w.external_id, w.what, case w.what when 'post' then w.post when 'person' then w.key when 'cell' then w.code else '' end from wrong w order by w.external_id collate "C";
end $$;
