-- Certificates and exemptions, how often enterprises must be visited, and what grades weigh. All dated: a change supersedes what was known, and
-- what held before the day from which it holds stays.

-- Supersedes the current row of a certificate or an exemption. Fails when there is none.
create or replace function paper_supersede(p_table text, p_district integer, p_id bigint) returns jsonb
language plpgsql as $$
declare v_old jsonb;
begin
  execute format('update %I t set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval ''1 us''))
                  where district_id = $1 and id = $2 and upper_inf(recorded) returning to_jsonb(t)', p_table) into v_old using p_district, p_id;
  if v_old is null then raise exception 'There is no such %.', p_table using errcode = 'GR404'; end if;
  return v_old;
end $$;

-- Puts a row of certificates or exemptions into its table, as known from now on.
create or replace function paper_put(p_table text, p_row jsonb) returns boolean
language plpgsql as $$
begin
  execute format('insert into %1$I overriding system value select * from jsonb_populate_record(null::%1$I, $1)', p_table)
    using p_row || jsonb_build_object('recorded', tstzrange(clock_timestamp(), null));
  return true;
end $$;

-- Writes a certificate or an exemption: a new one (p_id null), or as a correction of one. `from` and `to` of the body are its days; the rest of p_row
-- are its columns. Returns the id.
create or replace function paper_write(p_table text, p_district integer, p_id bigint, p_row jsonb, p_reason text, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_old jsonb; v_valid daterange; v_from date; v_to date; v_new jsonb;
begin
  if p_id is not null then
    v_old := paper_supersede(p_table, p_district, p_id);
    v_valid := (v_old->>'valid')::daterange;
  end if;
  v_from := coalesce((p_row->>'from')::date, lower(v_valid));
  v_to := case when p_row ? 'to' then (p_row->>'to')::date else upper(v_valid) end;
  if v_to <= v_from then raise exception 'to must be later than from (it is the first day after).' using errcode = 'GR422'; end if;
  v_new := coalesce(v_old, '{}') || (p_row - '{from,to}'::text[]) || jsonb_build_object('district_id', p_district, 'valid', daterange(v_from, v_to),
    'id', coalesce(p_id, nextval(pg_get_serial_sequence(p_table, 'id'))));
  perform paper_put(p_table, v_new);
  perform trail(p_district, p_actor, case when p_id is null then 'create' else 'correct' end, p_table, v_new->>'id', p_reason, v_old, v_new, p_request);
  perform bump(p_district, false);
  return (v_new->>'id')::bigint;
end $$;

-- Withdraws a certificate or an exemption that was entered by mistake.
create or replace function paper_withdraw(p_table text, p_district integer, p_id bigint, p_reason text, p_actor text, p_request text) returns void
language plpgsql as $$
begin
  perform trail(p_district, p_actor, 'withdraw', p_table, p_id::text, p_reason, paper_supersede(p_table, p_district, p_id), null, p_request);
  perform bump(p_district, false);
end $$;

-- A client's certificate as columns of its table.
create or replace function certificate_row(p_district integer, p_body jsonb) returns jsonb
language plpgsql stable as $$
begin
  if p_body ? 'person' and not exists (select from person where district_id = p_district and id = (p_body->>'person')::bigint) then
    raise exception 'There is no such person in this district.' using errcode = 'GR422';
  end if;
  return (p_body - '{district,person,reason}'::text[]) || case when p_body ? 'person' then jsonb_build_object('person_id', p_body->'person') else '{}' end;
end $$;

-- Writes an exemption of an enterprise, which must exist for all of its days.
create or replace function exemption_write(p_district integer, p_id bigint, p_cell bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint;
begin
  v_id := paper_write('exemption', p_district, p_id, (p_body - '{district,enterprise,reason}'::text[]) || jsonb_build_object('cell_id', p_cell), p_body->>'reason', p_actor, p_request);
  if not exists (
      select from exemption e
      join cell c on c.district_id = e.district_id and c.id = e.cell_id and c.level = 4
      join cell_life l on l.district_id = e.district_id and l.cell_id = e.cell_id and l.valid @> e.valid and upper_inf(l.recorded)
      where e.district_id = p_district and e.id = v_id and upper_inf(e.recorded)) then
    raise exception 'An exemption is of an enterprise that exists for all of its days.' using errcode = 'GR422';
  end if;
  return v_id;
end $$;

-- From p_day on, a table of rules says p_values for the key p_key, until the day on which the next of the same key begins. Returns the id of the row,
-- which is the old one where it said so already.
create or replace function rule_set(p_table text, p_key jsonb, p_values jsonb, p_day date) returns integer
language plpgsql as $$
declare v_old jsonb; v_valid daterange; v_upper date; v_id integer;
begin
  execute format('select to_jsonb(t), valid from %I t where to_jsonb(t) @> $1 and valid @> $2 and upper_inf(recorded) for update', p_table)
    into v_old, v_valid using p_key, p_day;
  if v_old @> p_values then return (v_old->>'id')::int; end if;
  if v_old is not null then
    perform rule_cut(p_table, (v_old->>'id')::int, p_day);
    v_upper := upper(v_valid);
  else
    execute format('select min(lower(valid)) from %I t where to_jsonb(t) @> $1 and lower(valid) > $2 and upper_inf(recorded)', p_table) into v_upper using p_key, p_day;
  end if;
  execute format('insert into %1$I overriding system value select * from jsonb_populate_record(null::%1$I, $1) returning id', p_table) into v_id
    using p_key || p_values || jsonb_build_object('id', nextval(pg_get_serial_sequence(p_table, 'id')), 'valid', daterange(p_day, v_upper), 'recorded', tstzrange(clock_timestamp(), null));
  return v_id;
end $$;

-- Ends a row of rules on a day, the first on which it holds no more.
create or replace function rule_cut(p_table text, p_id integer, p_day date) returns void
language plpgsql as $$
declare v_old jsonb; v_lower date;
begin
  execute format('update %I t set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval ''1 us''))
                  where id = $1 and upper_inf(recorded) returning to_jsonb(t), lower(valid)', p_table) into v_old, v_lower using p_id;
  if v_lower >= p_day then return; end if;
  execute format('insert into %1$I overriding system value select * from jsonb_populate_record(null::%1$I, $1)', p_table)
    using v_old || jsonb_build_object('id', nextval(pg_get_serial_sequence(p_table, 'id')), 'valid', daterange(v_lower, p_day), 'recorded', tstzrange(clock_timestamp(), null));
end $$;

-- Sets a visit rule of a district from a day on. Returns its id.
create or replace function visit_rule_set(p_district integer, p_body jsonb, p_actor text, p_request text) returns integer
language plpgsql as $$
declare v_id integer;
begin
  v_id := rule_set('visit_rule', jsonb_build_object('district_id', p_district, 'kind', p_body->'kind', 'risk_grade', p_body->'risk_grade', 'industry', p_body->'industry'),
    jsonb_build_object('interval_days', p_body->'interval_days', 'grace_days', p_body->'grace_days', 'yearly_cap', p_body->'yearly_cap'), (p_body->>'from')::date);
  perform trail(p_district, p_actor, 'set', 'visit_rule', v_id::text, p_body->>'reason', null, p_body, p_request);
  perform bump(p_district, false);
  return v_id;
end $$;

-- Sets the weight of a grade in a district from a day on. Returns its id.
create or replace function figure_weight_set(p_district integer, p_body jsonb, p_actor text, p_request text) returns integer
language plpgsql as $$
declare v_id integer;
begin
  if p_body->>'grade' <> all(case p_body->>'scale' when 'severity' then '{general,major}'::text[] when 'risk' then '{0,1,2,3,4}' when 'workload' then '{inspection,patrol,travel,follow_up}' when 'handover' then '{acknowledge_days}'
                             else '{ordinary,larger,serious,extraordinary}' end) then
    raise exception 'The scale severity has the grades general and major, risk 1 to 4 and 0 (none), accident ordinary, larger, serious and extraordinary, workload inspection, patrol, travel and follow_up, handover acknowledge_days.' using errcode = 'GR422';
  end if;
  v_id := rule_set('figure_weight', jsonb_build_object('district_id', p_district, 'scale', p_body->'scale', 'grade', p_body->'grade'),
    jsonb_build_object('weight', p_body->'weight'), (p_body->>'from')::date);
  perform trail(p_district, p_actor, 'set', 'figure_weight', v_id::text, p_body->>'reason', null, p_body, p_request);
  perform bump(p_district, false);
  return v_id;
end $$;

-- Ends a district's own visit rule or weight on a day: from then on the general one holds.
create or replace function rule_end(p_table text, p_district integer, p_id integer, p_body jsonb, p_actor text, p_request text) returns void
language plpgsql as $$
declare v_old jsonb; v_valid daterange; v_day date := (p_body->>'to')::date;
begin
  execute format('select to_jsonb(t), valid from %I t where district_id = $1 and id = $2 and upper_inf(recorded) for update', p_table) into v_old, v_valid using p_district, p_id;
  if v_old is null then raise exception 'There is no such rule of this district now: list them again. General ones do not end; set one of your own.' using errcode = 'GR404'; end if;
  if v_day < lower(v_valid) or v_day >= upper(v_valid) then
    raise exception 'It holds from % to %: choose a day within.', lower(v_valid), coalesce(upper(v_valid)::text, 'no end') using errcode = 'GR422';
  end if;
  perform rule_cut(p_table, p_id, v_day);
  perform trail(p_district, p_actor, 'end', p_table, p_id::text, p_body->>'reason', v_old, jsonb_build_object('to', v_day), p_request);
  perform bump(p_district, false);
end $$;

-- Who holds a post of areal cells on a day, not acting, with the certificate that it needs; with how many cells of it under one parent: there they could act for others.
create or replace function able_holders(p_district integer, p_day date) returns table (parent_id bigint, post text, person_id bigint, cells bigint)
language sql stable as $$
  select p.parent_id, a.post, a.person_id, count(*)
  from assignment a
  join post t on t.code = a.post and t.level <= 3
  join cell_parent p on p.district_id = a.district_id and p.cell_id = a.cell_id and p.valid @> p_day and upper_inf(p.recorded)
  where a.district_id = p_district and a.valid @> p_day and upper_inf(a.recorded) and not a.acting
    and (t.certificate is null or exists (
      select from certificate f where f.district_id = a.district_id and f.person_id = a.person_id and f.kind = t.certificate and f.valid @> p_day and upper_inf(f.recorded)))
  group by 1, 2, 3
$$;
