-- Assessment periods (考核期): drafting, signing and what keeps signed ones as they are. Their figures are made by the server, which puts them in while a period is a draft.

-- A period as it is told.
create or replace function assessment_doc(a assessment) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'id', a.id, 'district', a.district_id, 'kind', a.kind, 'cell', a.cell_id,
    'cell_name', (select n.name from cell_name n where n.district_id = a.district_id and n.cell_id = a.cell_id and upper_inf(n.recorded) and lower(n.valid) < a.to_day order by n.valid desc limit 1),
    'title', a.title, 'reason', a.reason, 'document_no', a.document_no, 'from', a.from_day, 'to', a.to_day, 'mode', a.mode, 'as_of', a.as_of, 'levels', a.levels, 'measures', a.measures,
    'source', a.source, 'grade', a.grade, 'status', a.status, 'author', a.author, 'created_at', a.created_at, 'known_at', instant(a.known_at), 'signed_at', a.signed_at, 'signed_by', a.signed_by,
    'comment', a.comment, 'figures', a.figures, 'replaces', a.replaces, 'replaced_by', a.replaced_by, 'version', a.revision::text)
$$;

-- An instant to the microsecond, as known_at of a request takes it.
create or replace function instant(p_at timestamptz) returns text language sql stable as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Notes a change of a period: in the trail, in the outbox and in the version of its district.
create or replace function assessment_trail(a assessment, p_actor text, p_action text, p_reason text, p_before jsonb, p_after jsonb, p_request text) returns void
language plpgsql as $$
begin
  perform trail(a.district_id, p_actor, p_action, 'assessment', a.id::text, p_reason, p_before, p_after, p_request);
  perform version_up(a.district_id, false, false);
  perform pg_notify('gridward_version', '');
end $$;

-- What may be replaced: a signed period with figures, whom nothing has replaced.
create or replace function assessment_replaceable(p_id uuid) returns assessment
language plpgsql as $$
declare a assessment;
begin
  select * into a from assessment where id = p_id for update;
  if a.id is null then raise exception 'There is no such assessment to replace.' using errcode = 'GR404'; end if;
  if a.kind <> 'figures' then raise exception 'A withdrawal has no figures that could be superseded or withdrawn: draft a new assessment.' using errcode = 'GR409'; end if;
  if a.status <> 'signed' then raise exception 'Only a signed assessment is superseded or withdrawn: this one is %.', a.status using errcode = 'GR409'; end if;
  return a;
end $$;

-- A new draft. p_body: as the request has it, its cell settled in p_cell with those above it in p_areas. Returns its id.
create or replace function assessment_draft(p_district integer, p_cell bigint, p_areas bigint[], p_body jsonb, p_account bigint, p_actor text, p_request text) returns uuid
language plpgsql as $$
declare a assessment;
begin
  if p_body->>'supersedes' is not null and (assessment_replaceable((p_body->>'supersedes')::uuid)).district_id <> p_district then
    raise exception 'An assessment is superseded by one of its own district.' using errcode = 'GR422';
  end if;
  insert into assessment (district_id, kind, replaces, cell_id, areas, title, reason, document_no, from_day, to_day, mode, as_of, levels, measures, source, grade, author_id, author)
  values (p_district, 'figures', (p_body->>'supersedes')::uuid, p_cell, p_areas, p_body->>'title', p_body->>'reason', p_body->>'document_no', (p_body->>'from')::date, (p_body->>'to')::date,
          p_body->>'mode', (p_body->>'as_of')::date, array(select jsonb_array_elements_text(p_body->'levels')), array(select jsonb_array_elements_text(p_body->'measures')),
          p_body->>'source', p_body->>'grade', p_account, p_actor)
  returning * into a;
  perform assessment_trail(a, p_actor, 'draft', a.reason, null, p_body, p_request);
  return a.id;
end $$;

-- A draft that withdraws a signed period. Returns its id.
create or replace function assessment_draft_withdrawal(p_id uuid, p_body jsonb, p_account bigint, p_actor text, p_request text) returns uuid
language plpgsql as $$
declare o assessment; a assessment;
begin
  o := assessment_replaceable(p_id);
  insert into assessment (district_id, kind, replaces, cell_id, areas, title, reason, document_no, from_day, to_day, mode, as_of, levels, measures, source, grade, author_id, author)
  values (o.district_id, 'withdrawal', o.id, o.cell_id, o.areas, coalesce(p_body->>'title', o.title), p_body->>'reason', p_body->>'document_no', o.from_day, o.to_day, o.mode, o.as_of, o.levels, o.measures,
          o.source, o.grade, p_account, p_actor)
  returning * into a;
  perform assessment_trail(a, p_actor, 'draft', a.reason, null, p_body || jsonb_build_object('withdraws', p_id), p_request);
  return a.id;
end $$;

-- A draft for a change: others wait. Fails when it is not of version p_version ('*': any), or no draft any more.
create or replace function assessment_claim(p_id uuid, p_version text) returns assessment
language plpgsql as $$
declare a assessment;
begin
  select * into a from assessment where id = p_id for update;
  if a.id is null then raise exception 'There is no such assessment.' using errcode = 'GR404'; end if;
  if a.status <> 'draft' then raise exception 'The assessment is %: that can be done while it is a draft only.', a.status using errcode = 'GR409'; end if;
  if p_version <> '*' and p_version <> a.revision::text then
    raise exception 'The assessment was changed in the meantime: read it again, then decide.' using errcode = 'GR412';
  end if;
  return a;
end $$;

-- Changes what is said of a draft; of what it counts a new one is drafted.
create or replace function assessment_change(p_id uuid, p_version text, p_body jsonb, p_actor text, p_request text) returns void
language plpgsql as $$
declare o assessment; a assessment;
begin
  o := assessment_claim(p_id, p_version);
  update assessment set title = coalesce(p_body->>'title', title), reason = coalesce(p_body->>'reason', reason),
    document_no = case when p_body ? 'document_no' then p_body->>'document_no' else document_no end, revision = revision + 1 where id = p_id returning * into a;
  perform assessment_trail(a, p_actor, 'change', a.reason, jsonb_build_object('title', o.title, 'reason', o.reason, 'document_no', o.document_no), p_body, p_request);
end $$;

-- Puts a draft aside; its row stays.
create or replace function assessment_discard(p_id uuid, p_version text, p_actor text, p_request text) returns void
language plpgsql as $$
declare a assessment;
begin
  perform assessment_claim(p_id, p_version);
  update assessment set status = 'discarded', revision = revision + 1 where id = p_id returning * into a;
  perform assessment_trail(a, p_actor, 'discard', a.reason, jsonb_build_object('status', 'draft'), null, p_request);
end $$;

-- Claims a draft for its signature, by another than its author. Returns the instant of knowledge: all that was recorded up to it has been committed, so that the same
-- question with known_at is answered the same ever after. What is under way now began after it; whoever changes the map is waited for, so that it does not lie far back.
create or replace function assessment_begin_signing(p_id uuid, p_version text, p_document_no text, p_account bigint) returns text
language plpgsql as $$
declare a assessment; v_now timestamptz;
begin
  a := assessment_claim(p_id, p_version);
  if a.author_id = p_account then raise exception 'An assessment is signed by another than its author.' using errcode = 'GR403'; end if;
  if coalesce(p_document_no, a.document_no, '') = '' then raise exception 'What is signed has a document number (文号): give document_no.' using errcode = 'GR422'; end if;
  if a.replaces is not null then perform assessment_replaceable(a.replaces); end if;
  perform pg_advisory_lock_shared(7102, a.district_id);  -- as map_held(), and given back at once: what is recorded from here on is not counted
  perform pg_advisory_unlock_shared(7102, a.district_id);
  v_now := clock_timestamp();
  perform pg_sleep(0.02);  -- what had begun by then can be seen now
  return instant((select least(v_now, min(s.xact_start)) from pg_stat_activity s where s.datname = current_database() and s.pid <> pg_backend_pid() and s.usesysid is not null) - interval '1 us');
end $$;

-- Signs a draft whose figures have been put in, and ends what it replaces.
create or replace function assessment_sign(p_id uuid, p_document_no text, p_comment text, p_known_at timestamptz, p_account bigint, p_actor text, p_request text) returns void
language plpgsql as $$
declare a assessment; o assessment;
begin
  update assessment set status = 'signed', document_no = coalesce(p_document_no, document_no), comment = p_comment, known_at = p_known_at, signed_at = clock_timestamp(), signer_id = p_account,
    signed_by = p_actor, revision = revision + 1, figures = (select count(*) from assessment_figure where assessment = p_id) where id = p_id returning * into a;
  perform assessment_trail(a, p_actor, 'sign', a.reason, null, jsonb_build_object('document_no', a.document_no, 'known_at', p_known_at, 'figures', a.figures, 'replaces', a.replaces,
    'digest', (select encode(sha256(convert_to(coalesce(string_agg(to_jsonb(f)::text, e'\n' order by f.n), ''), 'UTF8')), 'hex') from assessment_figure f where f.assessment = p_id)), p_request);
  if a.replaces is null then return; end if;
  update assessment set status = case a.kind when 'withdrawal' then 'withdrawn' else 'superseded' end, replaced_by = p_id, revision = revision + 1 where id = a.replaces returning * into o;
  perform assessment_trail(o, p_actor, case a.kind when 'withdrawal' then 'withdraw' else 'supersede' end, a.reason, jsonb_build_object('status', 'signed'), jsonb_build_object('replaced_by', p_id), p_request);
end $$;

-- The first day of which a plan changes what is said: its own, or where it corrects what had been wrong, the day on which that began.
create or replace function reassignment_reaches_back(r reassignment) returns date
language sql stable as $$
  select least(r.effective_on, min(coalesce((o.effect->>'from')::date, (o.body->>'since')::date, (
    select lower(p.valid) from cell_parent p where p.district_id = r.district_id and p.cell_id = operation_cell(o.body) and p.valid @> r.effective_on and upper_inf(p.recorded)))))
  from reassignment_operation o where o.plan = coalesce(r.reverts, r.id) and o.state = 'active' and o.body->>'cause' = 'data_wrong'
$$;

-- What has been signed stays: of its row only that it ended, and by which document, may be told later.
create or replace function assessment_kept() returns trigger
language plpgsql as $$
declare v_ends constant text[] := array['status', 'replaced_by', 'revision'];
begin
  if tg_op = 'UPDATE' then
    if old.status = 'draft' then return new; end if;
    if old.status = 'signed' and new.status in ('superseded', 'withdrawn') and to_jsonb(new) - v_ends = to_jsonb(old) - v_ends then return new; end if;
  end if;
  raise exception 'An assessment is kept as it was signed: supersede or withdraw it by a further document.' using errcode = 'GR409';
end $$;
create or replace trigger assessment_kept before update or delete on assessment for each row execute function assessment_kept();

create or replace function assessment_figures_kept() returns trigger
language plpgsql as $$
begin
  raise exception 'Figures are kept as they were signed.' using errcode = 'GR409';
end $$;
create or replace trigger assessment_figures_kept before update or delete or truncate on assessment_figure for each statement execute function assessment_figures_kept();

create or replace function assessment_figures_drafted() returns trigger
language plpgsql as $$
begin
  if exists (select from (select distinct assessment from added) f join assessment a on a.id = f.assessment where a.status <> 'draft') then
    raise exception 'Figures are kept as they were signed.' using errcode = 'GR409';
  end if;
  return null;
end $$;
create or replace trigger assessment_figures_drafted after insert on assessment_figure referencing new table as added for each statement execute function assessment_figures_drafted();
