-- Notices: who may be told of a write, and in which order.

-- A cell and those above it, on any day from yesterday on, so that a village that moves is told of in the town that it leaves too.
create or replace function notice_way(p_district integer, p_cell bigint) returns bigint[]
language sql stable as $$
  with recursive up (id) as (
    select p_cell
    union
    select p.parent_id from up u
    join cell_parent p on p.district_id = p_district and p.cell_id = u.id and p.valid && daterange(current_date - 1, null) and upper_inf(p.recorded))
  select array_agg(id) from up
$$;

-- Where the last version of an event stands: the cells of its chain, and its enterprise.
create or replace function notice_event_way(p_district integer, p_id uuid) returns bigint[]
language plpgsql stable as $$
declare v_kind text; v_way bigint[];
begin
  select kind into v_kind from event_key where district_id = p_district and id = p_id;
  if v_kind is null then return '{}'; end if;
  execute format('select array_remove(array[c.village_cell, c.town_cell, c.district_cell, e.enterprise_id], null)
                  from %I e join event_key k on k.district_id = e.district_id and k.id = e.id and k.day = e.day join chain c on c.id = e.chain_id
                  where e.district_id = $1 and e.id = $2 order by upper(e.recorded) desc nulls first limit 1', v_kind) into v_way using p_district, p_id;
  return coalesce(v_way, '{}');
end $$;

-- In whose area the thing lies of which an outbox row tells; null for what is of the district at large (people, certificates, rules, imports), as everyone in it may read that.
create or replace function notice_areas(p_district integer, p_topic text, p_payload jsonb) returns bigint[]
language plpgsql stable as $$
declare v_id text := p_payload->>'id';
begin
  case split_part(p_topic, '.', 1)
    when 'hazard', 'inspection', 'patrol', 'accident' then return notice_event_way(p_district, v_id::uuid);  -- written before rows had a chain
    when 'attachment' then return coalesce((select case when a.plan is null then notice_event_way(p_district, a.event_id) else r.areas end
      from attachment a left join reassignment r on r.id = a.plan where a.district_id = p_district and a.id = v_id::uuid), '{}');
    when 'cell' then return notice_way(p_district, v_id::bigint);
    when 'assignment' then return coalesce(notice_way(p_district, (select cell_id from assignment where district_id = p_district and id = v_id::bigint order by recorded desc limit 1)), '{}');
    when 'exemption' then return coalesce(notice_way(p_district, (select cell_id from exemption where district_id = p_district and id = v_id::bigint order by recorded desc limit 1)), '{}');
    when 'contact_point' then return coalesce(notice_way(p_district, (select cell_id from contact_point where district_id = p_district and id = v_id::bigint order by recorded desc limit 1)), '{}');
    when 'entrustment' then return coalesce(notice_way(p_district, (select cell_id from entrustment where district_id = p_district and id = v_id::bigint order by recorded desc limit 1)), '{}');
    when 'reassignment' then return coalesce((select areas from reassignment where id = v_id::uuid), '{}');
    when 'assessment' then return coalesce((select areas from assessment where id = v_id::uuid), '{}');
    when 'notice' then return coalesce((select areas from reassignment where id = (p_payload->>'plan')::uuid), '{}');
    else return null;
  end case;
end $$;

-- What a notice says of an outbox row: where it lies, whom alone it is for, and the payload without that; or why it cannot be told.
create or replace function notice_reading(o outbox, out areas bigint[], out account_id bigint, out told jsonb, out problem text)
language plpgsql stable as $$
begin
  areas := notice_areas(o.district_id, o.topic, o.payload);
  account_id := (o.payload->>'to')::bigint;
  told := o.payload - 'to';
exception when others then
  problem := sqlerrm;
end $$;

-- Takes up to p_most rows out of the outbox and numbers them, in the order in which they were written among those whose transactions have ended. Of many servers one does it
-- at a time, and the next sees what it did; nobody waits. What is of no district (accounts) is told to nobody, and what cannot be
-- read is put aside (notice_untold), as it would hold up all that comes after it. Returns how many were taken.
create or replace function notices_number(p_most integer) returns bigint
language plpgsql as $$
declare v_last bigint; v_taken bigint;
begin
  select id into v_last from notice_head for update skip locked;
  if v_last is null then return 0; end if;
  with taken as (
    delete from outbox where id in (select id from outbox order by id limit p_most) returning *),
  read as materialized (
    select t.id as row, t.district_id, t.at, t.topic, t.payload, array_remove(array[c.village_cell, c.town_cell, c.district_cell, t.enterprise_id], null) as areas, null::bigint as account_id,
           t.payload as told, null::text as problem
    from taken t left join chain c on c.id = t.chain_id where t.chain_id is not null and t.district_id is not null
    union all
    select t.id, t.district_id, t.at, t.topic, t.payload, r.* from taken t cross join lateral notice_reading(t) r where t.chain_id is null and t.district_id is not null),
  aside as (insert into notice_untold (id, district_id, at, topic, payload, reason) select row, district_id, at, topic, payload, problem from read where problem is not null),
  told as (
    insert into notice (id, district_id, at, topic, payload, areas, account_id)
    select v_last + row_number() over (order by row), district_id, at, topic, told, areas, account_id from read where problem is null returning id)
  select (select count(*) from taken), coalesce((select max(id) from told), v_last) into v_taken, v_last;
  if v_taken > 0 then update notice_head set id = v_last; end if;
  return v_taken;
end $$;

-- Forgets some of the notices that are older than p_days. Returns how many.
create or replace function notices_forget(p_days integer) returns bigint
language plpgsql as $$
declare v_n bigint;
begin
  with old as (
    delete from notice where id in (select id from notice order by id limit 10000) and at < now() - make_interval(days => p_days) returning id)
  select count(*) into v_n from old;
  if v_n > 0 then update notice_head set kept_after = coalesce((select min(id) - 1 from notice), id); end if;
  return v_n;
end $$;
