-- People, and who holds which post of which cell.

-- A phone as it is shown to those who need not call: 138****0000.
create or replace function mask_phone(p_phone text, p_open boolean) returns text language sql immutable parallel safe as $$
  select case when p_phone is null or p_open then p_phone when length(p_phone) < 7 then '***'
              else left(p_phone, 3) || '****' || right(p_phone, 4) end
$$;

-- Writes a person: a new one (p_id null), or what changed of one. Returns the id.
create or replace function person_write(p_district integer, p_id bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_old jsonb; v_id bigint := p_id; v_new jsonb;
begin
  if p_id is null then
    insert into person (district_id, external_id, name, phone)
    values (p_district, p_body->>'external_id', p_body->>'name', p_body->>'phone') returning id into v_id;
  else
    select to_jsonb(p) into v_old from person p where district_id = p_district and id = p_id for update;
    if v_old is null then raise exception 'There is no such person.' using errcode = 'GR404'; end if;
    update person set name = coalesce(p_body->>'name', name),
      phone = case when p_body ? 'phone' then p_body->>'phone' else phone end,
      external_id = case when p_body ? 'external_id' then p_body->>'external_id' else external_id end
    where district_id = p_district and id = p_id;
  end if;
  select to_jsonb(p) into v_new from person p where district_id = p_district and id = v_id;
  perform trail(p_district, p_actor, case when p_id is null then 'create' else 'change' end, 'person', v_id::text, null, v_old, v_new, p_request);
  perform bump(p_district, false);
  return v_id;
end $$;

-- Gives a post of a cell to a person from a day on, to a day or for good. With `replace` the holder of that day hands over;
-- without it a primary post that is held is a conflict. A post belongs to cells of its own level.
create or replace function assignment_create(p_district integer, p_cell bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare
  v_post post; v_level smallint; v_id bigint; v_valid daterange; r assignment;
begin
  perform map_held(p_district, true);
  select * into v_post from post where code = p_body->>'post';
  select level into v_level from cell where district_id = p_district and id = p_cell;
  if v_post.level <> v_level then
    raise exception 'The post % belongs to cells of level %, not of level %.', v_post.code, v_post.level, v_level using errcode = 'GR422';
  end if;
  if (p_body->>'to')::date <= (p_body->>'from')::date then
    raise exception 'to must be later than from (it is the first day after).' using errcode = 'GR422';
  end if;
  v_valid := daterange((p_body->>'from')::date, (p_body->>'to')::date);
  if not exists (select from cell_life where district_id = p_district and cell_id = p_cell and valid @> v_valid and upper_inf(recorded)) then
    raise exception 'The cell does not exist for all of that time.' using errcode = 'GR422';
  end if;
  if not exists (select from person where district_id = p_district and id = (p_body->>'person')::bigint) then
    raise exception 'There is no such person in this district.' using errcode = 'GR422';
  end if;
  if (p_body->>'replace')::boolean and v_post.is_primary then
    for r in select * from assignment where district_id = p_district and cell_id = p_cell and post = v_post.code and is_primary
               and valid && v_valid and upper_inf(recorded) loop
      perform assignment_end(p_district, r.id, greatest(lower(v_valid), lower(r.valid)), p_body->>'reason', p_actor, p_request);
    end loop;
  end if;
  insert into assignment (district_id, cell_id, post, is_primary, person_id, acting, valid)
  values (p_district, p_cell, v_post.code, v_post.is_primary, (p_body->>'person')::bigint, coalesce((p_body->>'acting')::boolean, false), v_valid)
  returning id into v_id;
  perform trail(p_district, p_actor, 'create', 'assignment', v_id::text, p_body->>'reason', null, p_body, p_request);
  perform bump(p_district, false);
  return v_id;
end $$;

-- Ends an assignment on a day (the first on which it holds no more); on its first day it never held.
create or replace function assignment_end(p_district integer, p_id bigint, p_to date, p_reason text, p_actor text, p_request text) returns void
language plpgsql as $$
declare r assignment;
begin
  perform map_held(p_district, true);
  select * into r from assignment where district_id = p_district and id = p_id and upper_inf(recorded) for update;
  if r.id is null then raise exception 'There is no such assignment.' using errcode = 'GR404'; end if;
  if p_to < lower(r.valid) or p_to >= upper(r.valid) then
    raise exception 'It holds from % to %: choose a day within.', lower(r.valid), coalesce(upper(r.valid)::text, 'no end') using errcode = 'GR422';
  end if;
  update assignment set recorded = tstzrange(lower(recorded), greatest(clock_timestamp(), lower(recorded) + interval '1 us'))
  where district_id = p_district and id = p_id and upper_inf(recorded);
  if p_to > lower(r.valid) then
    insert into assignment overriding system value
    select (jsonb_populate_record(r, jsonb_build_object('valid', daterange(lower(r.valid), p_to),
                                                        'recorded', tstzrange(clock_timestamp(), null)))).*;
  end if;
  perform trail(p_district, p_actor, 'end', 'assignment', p_id::text, p_reason, to_jsonb(r), jsonb_build_object('to', p_to), p_request);
  perform bump(p_district, false);
end $$;

-- Writes the people in the temporary table incoming (external_id, row) as a set.
create or replace function people_import(p_district integer, out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
begin
  select count(*) into same from incoming i join person p on p.district_id = p_district and p.external_id = i.external_id
  where (p.name, p.phone) is not distinct from (i.row->>'name', i.row->>'phone');
  with c as (
    update person p set name = i.row->>'name', phone = i.row->>'phone' from incoming i
    where p.district_id = p_district and p.external_id = i.external_id and (p.name, p.phone) is distinct from (i.row->>'name', i.row->>'phone') returning 1)
  select count(*) into changed from c;
  with c as (
    insert into person (district_id, external_id, name, phone)
    select p_district, i.external_id, i.row->>'name', i.row->>'phone' from incoming i
    where not exists (select from person p where p.district_id = p_district and p.external_id = i.external_id) returning 1)
  select count(*) into added from c;
end $$;

-- Writes the assignments in the temporary table incoming as a set; one that is there already is left.
create or replace function assignments_import(p_district integer, p_scheme text, p_enterprise_scheme text, out added bigint, out changed bigint, out same bigint)
language plpgsql as $$
begin
  changed := 0;
  with wanted as (
    select distinct on (i.external_id) k.cell_id, t.code as post, t.is_primary, p.id as person_id, coalesce((i.row->>'acting')::boolean, false) as acting,
           daterange((i.row->>'from')::date, (i.row->>'to')::date) as valid
    from incoming i
    join post t on t.code = i.row->>'post'
    join person p on p.district_id = p_district and p.external_id = i.row->>'person'
    join cell_code k on k.district_id = p_district and k.scheme = case t.level when 4 then p_enterprise_scheme else p_scheme end
      and k.code = i.row->>'cell' and upper_inf(k.recorded) and k.valid @> (i.row->>'from')::date
    order by i.external_id),
  new as (
    insert into assignment (district_id, cell_id, post, is_primary, person_id, acting, valid)
    select p_district, w.* from wanted w
    where not exists (select from assignment a where a.district_id = p_district and a.cell_id = w.cell_id and a.post = w.post and a.person_id = w.person_id
                        and lower(a.valid) = lower(w.valid) and upper_inf(a.recorded)) returning 1)
  select count(*) into added from new;
  select count(*) - added into same from incoming;
end $$;
