-- Accounts and what they may do where.

-- Writes an account: a new one (p_id null), or what changed of one. A password travels as its hash. Returns the id.
create or replace function account_write(p_id bigint, p_body jsonb, p_hash text, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint := p_id; g jsonb;
begin
  if p_body->>'person' is not null and not exists (select from person where id = (p_body->>'person')::bigint) then
    raise exception 'There is no such person.' using errcode = 'GR422';
  end if;
  if p_id is null then
    insert into account (username, display_name, password_hash, person_id, certified_until)
    values (p_body->>'username', coalesce(p_body->>'display_name', p_body->>'username'), p_hash, (p_body->>'person')::bigint, (p_body->>'certified_until')::date)
    returning id into v_id;
  else
    update account set display_name = coalesce(p_body->>'display_name', display_name),
      disabled = coalesce((p_body->>'disabled')::boolean, disabled), password_hash = coalesce(p_hash, password_hash),
      failures = case when p_hash is null then failures else 0 end, locked_until = case when p_hash is null then locked_until end,
      person_id = case when p_body ? 'person' then (p_body->>'person')::bigint else person_id end,
      certified_until = case when p_body ? 'certified_until' then (p_body->>'certified_until')::date else certified_until end
    where id = p_id returning id into v_id;
    if v_id is null then raise exception 'There is no such account.' using errcode = 'GR404'; end if;
    if p_hash is not null or (p_body->>'disabled')::boolean then
      update session set revoked_at = now() where account_id = p_id and revoked_at is null;
    end if;
  end if;
  if p_body ? 'grants' then
    delete from account_grant where account_id = v_id;
    for g in select jsonb_array_elements(p_body->'grants') loop
      insert into account_grant (account_id, role, district_id, cell_id)
      values (v_id, g->>'role', (g->>'district')::int, (g->>'cell')::bigint) on conflict do nothing;
    end loop;
  end if;
  perform trail(null, p_actor, case when p_id is null then 'create' else 'change' end, 'account', v_id::text, null, null,
                p_body - 'password', p_request);
  return v_id;
end $$;

-- An account as it is told.
create or replace function account_doc(a account) returns jsonb language sql stable as $$
  select jsonb_build_object('id', a.id, 'username', a.username, 'display_name', a.display_name, 'disabled', a.disabled,
    'person', a.person_id, 'certified_until', a.certified_until, 'locked_until', case when a.locked_until > now() then a.locked_until end,
    'grants', coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'district', g.district_id, 'cell', g.cell_id) order by g.role)
                        from account_grant g where g.account_id = a.id), '[]'))
$$;
