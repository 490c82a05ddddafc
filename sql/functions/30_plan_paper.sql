-- What the papers of a reassignment plan say (调整审批表, 交接单), as texts in Chinese.

-- The name and code of a cell on a day, or the last that it had before, or the first after: "名称（代码）".
create or replace function cell_label(p_district integer, p_cell bigint, p_day date) returns text language sql stable as $$
  select coalesce((select n.name from cell_name n where n.district_id = p_district and n.cell_id = p_cell and upper_inf(n.recorded) order by n.valid @> p_day desc, lower(n.valid) <= p_day desc, lower(n.valid) desc limit 1), '')
    || coalesce('（' || (select k.code from cell_code k where k.district_id = p_district and k.cell_id = p_cell and upper_inf(k.recorded) order by k.valid @> p_day desc, lower(k.valid) <= p_day desc, lower(k.valid) desc limit 1) || '）', '')
$$;

-- The same of a cell as an operation names it: an id as text, or code:{scheme}:{code}, of which the code is told where it names no cell of that day.
create or replace function named_label(p_district integer, p_text text, p_day date) returns text language sql stable as $$
  select case when p_text ~ '^[0-9]{1,18}$' then cell_label(p_district, p_text::bigint, p_day)
    else coalesce((select cell_label(p_district, k.cell_id, p_day) from cell_code k where k.district_id = p_district and p_text = 'code:' || k.scheme || ':' || k.code and upper_inf(k.recorded)
                   order by k.valid @> p_day desc, lower(k.valid) desc limit 1), regexp_replace(p_text, '^code:[^:]*:', '')) end
$$;

-- Names of people, in a JSON array of their ids; 空缺 where there are none.
create or replace function people_label(p_district integer, p_people jsonb) returns text language sql stable as $$
  select coalesce((select string_agg(p.name, '、' order by t.n) from jsonb_array_elements_text(p_people) with ordinality t (id, n)
                   join person p on p.district_id = p_district and p.id = t.id::bigint), '（空缺）')
$$;

create or replace function km2_label(p_geom geometry) returns text language sql immutable as $$
  select coalesce(to_char(round((ST_Area(p_geom::geography) / 1e6)::numeric, 3), 'FM999999990.000') || ' 平方千米', '无界线')
$$;

-- One operation in words: what it is, how it was before and is after; the cell that it names.
create or replace function operation_lines(p_district integer, p_day date, o reassignment_operation)
returns table (what text, before text, after text, cell_id bigint)
language plpgsql stable as $$
declare b jsonb := o.body; v_day date := p_day - 1; v_cell text := named_label(p_district, b->>'cell', p_day - 1); v_id bigint := case when b->>'cell' ~ '^[0-9]{1,18}$' then (b->>'cell')::bigint end;
  v_post text := coalesce((select name_zh from post where code = b->>'post'), b->>'post');
begin
  if v_id is null and b ? 'cell' then
    select k.cell_id into v_id from cell_code k where k.district_id = p_district and b->>'cell' = 'code:' || k.scheme || ':' || k.code and upper_inf(k.recorded) order by k.valid @> v_day desc limit 1;
  end if;
  cell_id := v_id;
  case o.kind
    when 'assign' then
      what := '岗位交接：' || v_cell || '　' || v_post; before := people_label(p_district, o.was->'holders');
      after := case when b ? 'replacing' then people_label(p_district, (select coalesce(jsonb_agg(case when h = b->'replacing' then b->'person' else h end), '[]') from jsonb_array_elements(o.was->'holders') h))
                    else people_label(p_district, case when b->>'person' is null then '[]' else jsonb_build_array(b->'person') end) end
        || case when (b->>'acting')::boolean then '（代理）' else '' end || coalesce('，临时顶岗至 ' || ((b->>'to')::date - 1)::text || '，到期自动恢复', '');
    when 'move_cell' then
      what := '改属：' || v_cell; before := '属' || coalesce(cell_label(p_district, (o.was->>'parent')::bigint, v_day), '（无）');
      after := '属' || named_label(p_district, b->>'parent', p_day) || coalesce('，新代码 ' || (b->>'code'), '');
    when 'move_enterprise' then
      what := '企业调整：' || v_cell || case b->>'cause' when 'moved' then '（企业搬迁）' when 'data_wrong' then '（数据更正）' when 'boundary_changed' then '（界线变更）' else '' end;
      before := '属' || coalesce(cell_label(p_district, (o.was->>'parent')::bigint, v_day), '（无）');
      after := case when b ? 'parent' then '属' || named_label(p_district, b->>'parent', p_day) else '' end
        || case when b ? 'lon' then case when b ? 'parent' then '，' else '' end || format('位置 %s, %s', round((b->>'lon')::numeric, 6), round((b->>'lat')::numeric, 6)) else '' end;
    when 'merge' then
      what := '合并'; before := (select string_agg(named_label(p_district, t, v_day), '、') from jsonb_array_elements_text(b->'sources') t);
      after := case when b->'into' ? 'cell' then named_label(p_district, b->'into'->>'cell', v_day) || '（保留）' else coalesce(b->'into'->>'name', '') || '（' || coalesce(b->'into'->>'code', '') || '，新设）' end;
    when 'split' then
      what := '拆分'; before := v_cell; after := (select string_agg(format('%s（%s）', t->>'name', t->>'code'), '、') from jsonb_array_elements(b->'targets') t);
    when 'boundary' then
      what := '界线调整：' || v_cell; before := km2_label(shape_on(p_district, v_id, v_day));
      after := case when b->'corners' is not null then format('补入相邻网格的 %s 个界点，界线移动不超过 1 厘米', jsonb_array_length(b->'corners'->'coordinates'))
                    when b->'gains' is null then km2_label(ST_SetSRID(ST_GeomFromGeoJSON(b->>'geometry'), 4490))
                    else '划入 ' || km2_label(ST_SetSRID(ST_GeomFromGeoJSON(b->>'gains'), 4490)) end || coalesce('，减少部分划归' || named_label(p_district, b->>'with', v_day), '');
    when 'recode' then what := '重编代码：' || v_cell; before := o.was->>'code'; after := b->>'code';
    when 'close' then what := '撤销：' || v_cell; before := '存续'; after := '撤销';
    when 'reopen' then what := '恢复：' || named_label(p_district, b->>'cell', p_day); before := '已撤销'; after := '恢复';
    when 'restore' then what := '撤回方案'; before := coalesce((select title from reassignment where id = (b->>'plan')::uuid), b->>'plan'); after := '恢复到该方案实施之前';
    when 'swap' then
      what := case when b ? 'post' then '互换岗位人员：' || v_post else '互换隶属' end;
      before := v_cell || '：' || case when b ? 'post' then people_label(p_district, o.was->'one'->'holders') else cell_label(p_district, (o.was->'one'->>'parent')::bigint, v_day) end
        || '；' || named_label(p_district, b->>'with', v_day) || '：' || case when b ? 'post' then people_label(p_district, o.was->'two'->'holders') else cell_label(p_district, (o.was->'two'->>'parent')::bigint, v_day) end;
      after := v_cell || '：' || case when b ? 'post' then people_label(p_district, o.was->'two'->'holders') else cell_label(p_district, (o.was->'two'->>'parent')::bigint, v_day) end
        || '；' || named_label(p_district, b->>'with', v_day) || '：' || case when b ? 'post' then people_label(p_district, o.was->'one'->'holders') else cell_label(p_district, (o.was->'one'->>'parent')::bigint, v_day) end;
    else what := o.kind; before := ''; after := '';
  end case;
  return next;
end $$;

-- Who hands over and receives by a plan: who had to sign when it was applied; before, those whose posts it names.
create or replace function plan_signers(r reassignment) returns table (side text, name text, acknowledged_on date, acknowledged_by text)
language plpgsql stable as $$
begin
  if exists (select from reassignment_receipt s where s.plan = r.id) then
    return query select s.side, p.name, (s.acknowledged_at at time zone d.time_zone)::date, s.acknowledged_by
      from reassignment_receipt s join person p on p.district_id = s.district_id and p.id = s.person_id join district d on d.id = r.district_id where s.plan = r.id order by s.side, s.person_id;
    return;
  end if;
  return query
  with named as (
    select 'giver' as side, h.value::text::bigint as person_id from reassignment_operation o, jsonb_array_elements(coalesce(o.was->'holders', '[]')) h
      where o.plan = r.id and o.state = 'active' and o.kind = 'assign' and (not o.body ? 'replacing' or h.value = o.body->'replacing')
    union select 'receiver', (o.body->>'person')::bigint from reassignment_operation o where o.plan = r.id and o.state = 'active' and o.kind = 'assign' and o.body->>'person' is not null
    union select s.side, h.value::text::bigint from reassignment_operation o, (values ('giver'), ('receiver')) s (side), jsonb_array_elements(coalesce(o.was->'one'->'holders', '[]') || coalesce(o.was->'two'->'holders', '[]')) h
      where o.plan = r.id and o.state = 'active' and o.kind = 'swap')
  select n.side, p.name, null::date, null::text from named n join person p on p.district_id = r.district_id and p.id = n.person_id order by n.side, n.person_id;
end $$;

-- All that a paper of a plan says. What goes along with each operation is counted today, on the district's day: enterprises below the cell, open hazards that stand in it, and those of them that were transferred to enforcement.
create or replace function plan_paper(p_id uuid) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'id', r.id, 'title', r.title, 'reason', r.reason, 'document_no', r.document_no, 'effective_on', r.effective_on, 'revision', r.revision, 'status', reassignment_doc(r)->>'status',
    'district', (select n.name from cell_name n where n.district_id = d.id and n.cell_id = d.cell_id and upper_inf(n.recorded) order by lower(n.valid) desc limit 1),
    'synthetic', d.synthetic, 'today', (now() at time zone d.time_zone)::date, 'author', coalesce((select a.display_name from account a where a.id = r.author_id), r.author),
    'drafted_on', (r.created_at at time zone d.time_zone)::date, 'open_hazards', r.open_hazards, 'open_cases', r.open_cases, 'needs_approval', reassignment_needs_approval(r),
    'applied_on', (r.applied_at at time zone d.time_zone)::date,
    'approvals', coalesce((select jsonb_agg(jsonb_build_object('name', coalesce(c.display_name, a.approver), 'comment', a.comment, 'on', (a.at at time zone d.time_zone)::date) order by a.at)
                           from reassignment_approval a left join account c on c.id = a.account_id where a.plan = r.id and a.revision = r.revision), '[]'),
    'operations', coalesce((select jsonb_agg(jsonb_build_object('what', l.what, 'before', l.before, 'after', l.after, 'note', o.body->>'note', 'enterprises', g.enterprises, 'hazards', g.hazards, 'cases', g.cases) order by o.n)
      from reassignment_operation o cross join lateral operation_lines(r.district_id, r.effective_on, o) l cross join lateral goes_along(r.district_id, l.cell_id, (now() at time zone d.time_zone)::date) g
      where o.plan = r.id and o.state = 'active'), '[]'),
    'signers', coalesce((select jsonb_agg(to_jsonb(s)) from plan_signers(r) s), '[]'))
  from reassignment r join district d on d.id = r.district_id where r.id = p_id
$$;

-- What lies below a cell on a day, the open hazards where they stand then; nulls without a cell.
create or replace function goes_along(p_district integer, p_cell bigint, p_day date, out enterprises bigint, out hazards bigint, out cases bigint)
language plpgsql stable as $$
begin
  if p_cell is null then return; end if;
  with recursive below (id) as (
    select p_cell
    union
    select p.cell_id from below b join cell_parent p on p.district_id = p_district and p.parent_id = b.id and p.valid @> p_day and upper_inf(p.recorded)),
  stands as (
    select h.transferred_on from hazard h join chain c on c.id = h.chain_id
    left join event_move m on m.district_id = p_district and m.event_id = h.id and m.valid @> p_day and upper_inf(m.recorded)
    where h.district_id = p_district and h.closed_on is null and upper_inf(h.recorded)
      and (h.enterprise_id = p_cell or case when m.event_id is null then c.leaf else m.leaf end in (select id from below)))
  select (select count(*) from below b join cell c on c.district_id = p_district and c.id = b.id and c.level = 4), count(*), count(transferred_on) into enterprises, hazards, cases from stands;
end $$;
