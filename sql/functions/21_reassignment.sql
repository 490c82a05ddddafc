-- Reassignment plans as papers: drafting, changing, approving. What they do is in 22_operation.sql, how they are carried out in 23_carry_out.sql.

-- Whether an operation may be done by one person, since it stays inside one town: a post of a village or enterprise, or one of several of a town, is handed over.
create or replace function operation_is_plain(p_district integer, p_kind text, p_body jsonb) returns boolean
language sql stable as $$
  select p_kind = 'assign' and coalesce((
    select c.level >= 3 or c.level = 2 and not t.is_primary
    from cell c join post t on t.code = p_body->>'post'
    where c.district_id = p_district and c.id = case when p_body->>'cell' ~ '^[0-9]+$' then (p_body->>'cell')::bigint end), false)
$$;

-- Whether a plan needs a second person: for parents, borders, splits, merges, heads of towns and districts, and for days that have passed. Taking one back needs what
-- it needed. A day has passed if it had when the plan was scheduled, or applied: that the server was down on it changes nothing.
create or replace function reassignment_needs_approval(r reassignment) returns boolean
language sql stable as $$
  select r.effective_on < (select (coalesce(r.scheduled_at, r.applied_at, now()) at time zone d.time_zone)::date from district d where d.id = r.district_id)
    or exists (select from reassignment_operation o where o.plan = coalesce(r.reverts, r.id) and o.state = 'active' and not operation_is_plain(r.district_id, o.kind, o.body))
$$;

-- A plan as it is told. It is acknowledged when all who hand over or receive have signed.
create or replace function reassignment_doc(r reassignment) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', r.id, 'district', r.district_id, 'title', r.title, 'reason', r.reason, 'document_no', r.document_no, 'effective_on', r.effective_on,
    'open_hazards', r.open_hazards, 'open_cases', r.open_cases, 'map_version', r.map_version, 'author', r.author, 'created_at', r.created_at,
    'status', case when r.status = 'applied' and (select bool_and(s.acknowledged_at is not null) from reassignment_receipt s where s.plan = r.id) then 'acknowledged' else r.status end,
    'needs_approval', reassignment_needs_approval(r), 'scheduled_at', r.scheduled_at, 'applied_at', r.applied_at, 'applied_by', r.applied_by, 'problems', r.problems,
    'reverts', r.reverts, 'reverted_by', (select b.id from reassignment b where b.reverts = r.id and b.status = 'applied' limit 1),
    'approvals', coalesce((select jsonb_agg(jsonb_build_object('approver', a.approver, 'comment', a.comment, 'at', a.at) order by a.at)
                           from reassignment_approval a where a.plan = r.id and a.revision = r.revision), '[]'),
    'operations', coalesce((select jsonb_agg(jsonb_build_object('n', o.n, 'kind', o.kind, 'state', o.state, 'body', o.body, 'was', o.was, 'effect', o.effect) order by o.n)
                            from reassignment_operation o where o.plan = r.id), '[]'),
    'receipts', coalesce((select jsonb_agg(jsonb_build_object('person', s.person_id, 'person_name', p.name, 'side', s.side, 'acknowledged_by', s.acknowledged_by,
                                                              'acknowledged_at', s.acknowledged_at, 'due_at', receipts_due(r), 'escalated_at', s.escalated_at,
                                                              'superior', s.superior_id, 'superior_name', u.name) order by s.side, s.person_id)
                          from reassignment_receipt s join person p on p.district_id = s.district_id and p.id = s.person_id
                          left join person u on u.district_id = s.district_id and u.id = s.superior_id where s.plan = r.id), '[]'),
    'attachments', coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'media_type', f.media_type, 'sha256', f.sha256, 'bytes', length(f.body), 'at', f.at, 'by', f.actor) order by f.at, f.id)
                             from attachment f where f.plan = r.id), '[]'),
    'version', r.revision::text)
$$;

-- A plan for a change: others wait. Fails when it is not of version p_version ('*': any) or not in one of some states.
create or replace function reassignment_claim(p_id uuid, p_version text, p_states text[]) returns reassignment
language plpgsql as $$
declare r reassignment;
begin
  select * into r from reassignment where id = p_id for update;
  if r.id is null then raise exception 'There is no such plan.' using errcode = 'GR404'; end if;
  if p_version <> '*' and p_version <> r.revision::text then
    raise exception 'The plan was changed in the meantime: read it again, then decide.' using errcode = 'GR412';
  end if;
  if r.status <> all(p_states) then raise exception 'The plan is %: that can be done while it is % only.', r.status, array_to_string(p_states, ' or ') using errcode = 'GR409'; end if;
  return r;
end $$;

-- The states in which a plan may still be changed; a change makes it a draft again, whose approval is to be asked for anew.
create or replace function reassignment_open_states() returns text[] language sql immutable as $$ select array['draft', 'approved', 'blocked'] $$;

-- Notes a change of a plan: a new revision, a draft again, with the areas that it touches now.
create or replace function reassignment_touch(p_id uuid, p_action text, p_actor text, p_request text, p_after jsonb) returns void
language plpgsql as $$
declare r reassignment;
begin
  update reassignment set revision = revision + 1, status = 'draft', problems = '[]', areas = operations_areas(p_id) where id = p_id returning * into r;
  perform trail(r.district_id, p_actor, p_action, 'reassignment', p_id::text, r.reason, null, p_after, p_request);
end $$;

-- A new draft with its first operations. Returns its id.
create or replace function reassignment_draft(p_district integer, p_body jsonb, p_account bigint, p_actor text, p_request text) returns uuid
language plpgsql as $$
declare v_id uuid := gen_random_uuid();
begin
  if (p_body->>'effective_on')::date < (select holds_from from district where id = p_district) then
    raise exception 'The map of this district begins on %: choose a day from then on.', (select holds_from from district where id = p_district) using errcode = 'GR422';
  end if;
  insert into reassignment (id, district_id, title, reason, document_no, effective_on, open_hazards, open_cases, map_version, author_id, author, reverts)
  values (v_id, p_district, p_body->>'title', p_body->>'reason', p_body->>'document_no', (p_body->>'effective_on')::date, coalesce(p_body->>'open_hazards', 'move'),
          coalesce(p_body->>'open_cases', 'stay'), (select map_version from district where id = p_district), p_account, p_actor, (p_body->>'reverts')::uuid);
  perform operations_put(v_id, coalesce(p_body->'operations', '[]'));
  update reassignment set areas = operations_areas(v_id) where id = v_id;
  perform trail(p_district, p_actor, 'draft', 'reassignment', v_id::text, p_body->>'reason', null, p_body, p_request);
  return v_id;
end $$;

-- Changes what is said of a plan as a whole. Another day is another state of the map, upon which its operations are drafted anew. Returns whether it is another.
create or replace function reassignment_change(p_id uuid, p_version text, p_body jsonb, p_actor text, p_request text) returns boolean
language plpgsql as $$
declare r reassignment; v_moved boolean;
begin
  r := reassignment_claim(p_id, p_version, reassignment_open_states());
  update reassignment set title = coalesce(p_body->>'title', title), reason = coalesce(p_body->>'reason', reason),
    document_no = case when p_body ? 'document_no' then p_body->>'document_no' else document_no end, effective_on = coalesce((p_body->>'effective_on')::date, effective_on),
    open_hazards = coalesce(p_body->>'open_hazards', open_hazards), open_cases = coalesce(p_body->>'open_cases', open_cases) where id = p_id;
  v_moved := coalesce((p_body->>'effective_on')::date <> r.effective_on, false);
  if v_moved then update reassignment_operation set was = null where plan = p_id and state = 'active'; end if;
  perform reassignment_touch(p_id, 'change', p_actor, p_request, p_body);
  return v_moved;
end $$;

-- Approves a plan as it stands, by one who is not its author.
create or replace function reassignment_approve(p_id uuid, p_version text, p_comment text, p_account bigint, p_actor text, p_request text) returns void
language plpgsql as $$
declare r reassignment;
begin
  r := reassignment_claim(p_id, p_version, array['draft', 'approved']);
  if r.author_id = p_account then raise exception 'A plan is approved by another than its author.' using errcode = 'GR403'; end if;
  if not exists (select from reassignment_operation where plan = p_id and state = 'active') then raise exception 'The plan does nothing yet: add operations first.' using errcode = 'GR422'; end if;
  insert into reassignment_approval (plan, account_id, approver, revision, comment) values (p_id, p_account, p_actor, r.revision, p_comment)
  on conflict (plan, account_id) do update set revision = excluded.revision, comment = excluded.comment, at = now();
  update reassignment set status = 'approved' where id = p_id;
  perform trail(r.district_id, p_actor, 'approve', 'reassignment', p_id::text, p_comment, null, jsonb_build_object('revision', r.revision), p_request);
end $$;

-- What a plan must have before it is scheduled or carried out.
create or replace function reassignment_check_ready(r reassignment) returns void
language plpgsql stable as $$
begin
  if not exists (select from reassignment_operation where plan = r.id and state = 'active') then raise exception 'The plan does nothing yet: add operations first.' using errcode = 'GR422'; end if;
  if reassignment_needs_approval(r) and not exists (select from reassignment_approval a where a.plan = r.id and a.revision = r.revision and a.account_id <> r.author_id) then
    raise exception 'This plan needs a second person: an approver who is not its author approves it first.' using errcode = 'GR409';
  end if;
end $$;

-- Leaves a plan to the server, which carries it out on its day.
create or replace function reassignment_schedule(p_id uuid, p_version text, p_actor text, p_request text) returns void
language plpgsql as $$
declare r reassignment;
begin
  r := reassignment_claim(p_id, p_version, array['draft', 'approved']);
  perform reassignment_check_ready(r);
  update reassignment set status = 'scheduled', scheduled_at = clock_timestamp() where id = p_id;
  perform trail(r.district_id, p_actor, 'schedule', 'reassignment', p_id::text, r.reason, null, jsonb_build_object('effective_on', r.effective_on), p_request);
end $$;

-- Takes back what has not been carried out: a scheduled plan is a draft again, any other ends.
create or replace function reassignment_withdraw(p_id uuid, p_version text, p_actor text, p_request text) returns void
language plpgsql as $$
declare r reassignment;
begin
  r := reassignment_claim(p_id, p_version, array['draft', 'approved', 'blocked', 'scheduled']);
  update reassignment set status = case r.status when 'scheduled' then 'draft' else 'withdrawn' end, revision = revision + 1, scheduled_at = null where id = p_id;
  perform trail(r.district_id, p_actor, 'withdraw', 'reassignment', p_id::text, r.reason, jsonb_build_object('status', r.status), null, p_request);
end $$;

-- Notes that a person signed for what he hands over or receives. p_person null: the person of the account.
create or replace function reassignment_acknowledge(p_id uuid, p_person bigint, p_account bigint, p_actor text, p_request text) returns void
language plpgsql as $$
declare r reassignment; v_person bigint := coalesce(p_person, (select person_id from account where id = p_account));
begin
  r := reassignment_claim(p_id, '*', array['applied', 'reverted']);
  if v_person is null then raise exception 'Your account is nobody''s: name the person who signed.' using errcode = 'GR422'; end if;
  update reassignment_receipt set acknowledged_by = coalesce(acknowledged_by, p_actor), acknowledged_at = coalesce(acknowledged_at, clock_timestamp())
  where plan = p_id and person_id = v_person;
  if not found then raise exception 'This person neither hands over nor receives anything by this plan.' using errcode = 'GR422'; end if;
  perform trail(r.district_id, p_actor, 'acknowledge', 'reassignment', p_id::text, null, null, jsonb_build_object('person', v_person), p_request);
end $$;

-- Notes why a plan could not be carried out; author and approvers are told.
create or replace function reassignment_block(p_id uuid, p_problems jsonb, p_actor text, p_request text) returns void
language plpgsql as $$
declare r reassignment;
begin
  update reassignment set status = 'blocked', scheduled_at = null, problems = (select jsonb_agg('{"operation": null, "cell": null}' || p) from jsonb_array_elements(p_problems) p)
  where id = p_id and status in ('draft', 'approved', 'scheduled') returning * into r;
  if r.id is null then return; end if;
  perform trail(r.district_id, p_actor, 'block', 'reassignment', p_id::text, r.reason, null, r.problems, p_request);
  insert into outbox (district_id, topic, payload)
  select r.district_id, 'notice.blocked', jsonb_build_object('plan', p_id, 'title', r.title, 'to', t.account, 'problems', r.problems)
  from (select r.author_id as account union select account_id from reassignment_approval where plan = p_id) t;
end $$;

-- Takes the last operation out of a plan, or (p_n) a certain one: the last can be put in again as long as nothing else was done (undo, redo).
create or replace function operation_undo(p_id uuid, p_version text, p_n integer, p_actor text, p_request text) returns void
language plpgsql as $$
declare v_n integer;
begin
  perform reassignment_claim(p_id, p_version, reassignment_open_states());
  update reassignment_operation set state = case when p_n is null then 'undone' else 'aside' end
  where plan = p_id and state = 'active' and n = coalesce(p_n, (select max(n) from reassignment_operation where plan = p_id and state = 'active')) returning n into v_n;
  if v_n is null then raise exception 'There is no such operation in the plan.' using errcode = 'GR404'; end if;
  perform reassignment_touch(p_id, 'undo', p_actor, p_request, jsonb_build_object('operation', v_n));
end $$;

-- Puts in again what was undone last.
create or replace function operation_redo(p_id uuid, p_version text, p_actor text, p_request text) returns void
language plpgsql as $$
declare v_n integer;
begin
  perform reassignment_claim(p_id, p_version, reassignment_open_states());
  update reassignment_operation set state = 'active'
  where plan = p_id and n = (select min(n) from reassignment_operation where plan = p_id and state = 'undone') returning n into v_n;
  if v_n is null then raise exception 'Nothing was undone that could be done again.' using errcode = 'GR404'; end if;
  perform reassignment_touch(p_id, 'redo', p_actor, p_request, jsonb_build_object('operation', v_n));
end $$;

-- Adds operations to a plan.
create or replace function operations_add(p_id uuid, p_version text, p_bodies jsonb, p_actor text, p_request text) returns void
language plpgsql as $$
begin
  perform reassignment_claim(p_id, p_version, reassignment_open_states());
  perform operations_put(p_id, p_bodies);
  perform reassignment_touch(p_id, 'add', p_actor, p_request, p_bodies);
end $$;

-- Drafts a plan upon the map as it is now. Returns what had changed below its operations.
create or replace function reassignment_rebase(p_id uuid, p_version text, p_actor text, p_request text) returns jsonb
language plpgsql as $$
declare r reassignment; v_conflicts jsonb;
begin
  r := reassignment_claim(p_id, p_version, reassignment_open_states());
  v_conflicts := operations_conflicts(p_id);
  update reassignment_operation set was = null where plan = p_id and state = 'active';
  update reassignment set map_version = (select map_version from district where id = r.district_id) where id = p_id;
  perform reassignment_touch(p_id, 'rebase', p_actor, p_request, v_conflicts);
  return v_conflicts;
end $$;

-- A draft that takes back an applied plan from a day on (today, if none is said). Returns its id.
create or replace function reassignment_revert(p_id uuid, p_version text, p_body jsonb, p_account bigint, p_actor text, p_request text) returns uuid
language plpgsql as $$
declare r reassignment;
begin
  r := reassignment_claim(p_id, p_version, array['applied']);
  return reassignment_draft(r.district_id, jsonb_build_object(
    'title', coalesce(p_body->>'title', '撤销 ' || r.title), 'reason', p_body->>'reason', 'document_no', p_body->'document_no', 'reverts', p_id, 'open_hazards', 'move', 'open_cases', 'move',
    'effective_on', coalesce((p_body->>'effective_on')::date, (select (now() at time zone d.time_zone)::date from district d where d.id = r.district_id)),
    'operations', jsonb_build_array(jsonb_build_object('kind', 'restore', 'plan', p_id, 'cells', (
      select coalesce(jsonb_agg(distinct c::text), '[]') from reassignment_operation o cross join lateral unnest(operation_cells(o.body)) c where o.plan = p_id and o.state = 'active')))),
    p_account, p_actor, p_request);
end $$;
