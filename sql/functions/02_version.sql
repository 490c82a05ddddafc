-- Holds the map of a district until the end of the transaction: whoever places events on it keeps it from being changed, and whoever changes
-- it waits for those, and places anew what they wrote. Taken before anything of the map is read. Who changes it waits for those too who only look what a plan would
-- do (map_foreseen(), 23_carry_out.sql): they write the same rows, and roll back.
create or replace function map_held(p_district integer, p_changes boolean) returns void
language plpgsql as $$
begin
  if p_changes then perform pg_advisory_xact_lock(7103, p_district), pg_advisory_xact_lock(7102, p_district); else perform pg_advisory_xact_lock_shared(7102, p_district); end if;
end $$;

-- One more version of a district, in the transaction that changed it; with `p_map` of its map too, with `p_register` of what is said of its enterprises, its people and
-- its rules: of all but single events. The map's stands in the row of the district (district.map_version), the others are sums over slots.
create or replace function version_up(p_district integer, p_map boolean, p_register boolean) returns void
language plpgsql as $$
declare v_slot smallint := pg_backend_pid() % 16;
begin
  if p_map then update district set map_version = map_version + 1 where id = p_district; end if;
  update district_version set data = data + 1, register = register + p_register::int where district_id = p_district and slot = v_slot;
  if not found then
    insert into district_version as v (district_id, slot, data, register) values (p_district, v_slot, 1, p_register::int)
    on conflict (district_id, slot) do update set data = v.data + 1, register = v.register + excluded.register;
  end if;
end $$;

-- The same, told to the servers. What is written often does not tell in its transaction, since all that notify commit one
-- after the other: the server that wrote tells the others after it (service/known).
create or replace function bump(p_district integer, p_map boolean) returns void
language plpgsql as $$
begin
  perform version_up(p_district, p_map, true);
  perform pg_notify('gridward_version', '');  -- heard at commit; one for a transaction
end $$;

-- An audit row and an outbox row of a write. Where an event stands, its row says.
create or replace function trail(p_district integer, p_actor text, p_action text, p_entity text, p_id text,
                                 p_reason text, p_before jsonb, p_after jsonb, p_request text) returns void
language plpgsql as $$
declare v_row jsonb := coalesce(p_after, p_before);
begin
  insert into audit (district_id, actor, action, entity, entity_id, reason, before, after, request_id)
  values (p_district, p_actor, p_action, p_entity, p_id, p_reason, p_before, p_after, p_request);
  insert into outbox (district_id, topic, payload, chain_id, enterprise_id)
  values (p_district, p_entity || '.' || p_action, jsonb_build_object('id', p_id), (v_row->>'chain_id')::int, case when v_row ? 'chain_id' then (v_row->>'enterprise_id')::bigint end);
end $$;

-- What the planner knows of the tables of cells, or of events and counts, made anew: within a bulk import and after it, as nothing else
-- does so in time. Runs as the owner, who alone may.
create or replace function statistics_refresh(p_what text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if p_what = 'cells' then
    analyze cell, cell_life, cell_code, cell_name, cell_parent, cell_shape, enterprise;
  else
    analyze chain, event_key, event_move, hazard, inspection, patrol, accident, tally, chain_move, visit_year, hazard_form;
  end if;
end $$;
