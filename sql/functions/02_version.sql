-- One more version of a district, in the transaction that changed it, and told to the servers; with `p_map` of its map too.
create or replace function bump(p_district integer, p_map boolean) returns void
language sql as $$
  insert into district_version as v (district_id, slot, map, data)
  values (p_district, pg_backend_pid() % 16, p_map::int, 1)
  on conflict (district_id, slot) do update set map = v.map + excluded.map, data = v.data + 1;
  select pg_notify('gridward_version', '');  -- heard at commit; one for a transaction
$$;

-- An audit row and an outbox row of a write.
create or replace function trail(p_district integer, p_actor text, p_action text, p_entity text, p_id text,
                                 p_reason text, p_before jsonb, p_after jsonb, p_request text) returns void
language sql as $$
  insert into audit (district_id, actor, action, entity, entity_id, reason, before, after, request_id)
  values (p_district, p_actor, p_action, p_entity, p_id, p_reason, p_before, p_after, p_request);
  insert into outbox (district_id, topic, payload)
  values (p_district, p_entity || '.' || p_action, jsonb_build_object('id', p_id));
$$;

-- What the planner knows of the tables, made anew: within a bulk import and after it, as nothing else does so in time.
-- Runs as the owner, who alone may.
create or replace function statistics_refresh() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze cell, cell_life, cell_code, cell_name, cell_parent, cell_shape, enterprise, chain, event_key, event_move,
    hazard, inspection, patrol, accident, tally, tally_move, visit_year;
end $$;
