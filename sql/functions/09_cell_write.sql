-- Writing single cells as clients send them: each change holds from a day on, and what it moves is placed anew.

-- The shape of a client's GeoJSON, checked.
create or replace function shape_of(p_geojson jsonb) returns geometry
language plpgsql immutable as $$
declare g geometry;
begin
  g := ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(p_geojson)), 4490);
  if GeometryType(g) not in ('POLYGON', 'MULTIPOLYGON') then
    raise exception 'geometry must be a Polygon or MultiPolygon in longitude and latitude.' using errcode = 'GR422';
  end if;
  if not ST_IsValid(g) then
    raise exception 'geometry is not valid: %.', ST_IsValidReason(g) using errcode = 'GR422';
  end if;
  return ST_Multi(g);
end $$;

-- What a cell may not become: without parent, under a cell of its own level or below, or under one that is not there then.
create or replace function cell_check_parent(p_district integer, p_level smallint, p_parent bigint, p_day date) returns void
language plpgsql stable as $$
begin
  if p_level = 1 then
    if p_parent is not null then raise exception 'A district has no parent.' using errcode = 'GR422'; end if;
    return;
  end if;
  if p_parent is null then raise exception 'parent is needed: only a district has none.' using errcode = 'GR422'; end if;
  if not exists (select from cell c join cell_life l on l.district_id = c.district_id and l.cell_id = c.id
                 where c.district_id = p_district and c.id = p_parent and c.level < p_level and l.valid @> p_day and upper_inf(l.recorded)) then
    raise exception 'parent must be a cell of a higher level that exists on %.', p_day using errcode = 'GR422';
  end if;
end $$;

-- A cell that has cells below it cannot end.
create or replace function cell_check_close(p_district integer, p_cell bigint, p_day date) returns void
language plpgsql stable as $$
declare v_n bigint;
begin
  select count(*) into v_n from cell_parent p join cell c on c.district_id = p.district_id and c.id = p.cell_id and c.level < 4
  where p.district_id = p_district and p.parent_id = p_cell and upper_inf(p.recorded) and coalesce(upper(p.valid) > p_day, true);
  if v_n > 0 then raise exception 'It still has % below it on that day: give % another parent first.', case v_n when 1 then 'a cell' else v_n || ' cells' end, case v_n when 1 then 'it' else 'them' end using errcode = 'GR422'; end if;
end $$;

-- A new cell of level 2 to 4. Returns its id.
create or replace function cell_create(p_district integer, p_level smallint, p_parent bigint, p_body jsonb, p_actor text, p_request text)
returns bigint language plpgsql as $$
declare v_id bigint; v_from date := (p_body->>'from')::date; v_valid daterange; v_scheme text; v_shape geometry;
begin
  perform map_held(p_district, true);
  v_valid := daterange(v_from, (p_body->>'to')::date);
  if isempty(v_valid) then raise exception 'to must be later than from (it is the first day after).' using errcode = 'GR422'; end if;
  select coalesce(p_body->>'scheme', case when p_level = 4 then
           (select k.scheme from cell_code k join cell c on c.district_id = k.district_id and c.id = k.cell_id and c.level = 4
            where k.district_id = d.id limit 1) end, case when p_level = 4 then d.scheme || '-enterprise' else d.scheme end)
    into v_scheme from district d where d.id = p_district;
  perform cell_check_parent(p_district, p_level, p_parent, v_from);
  insert into cell (district_id, level) values (p_district, p_level) returning id into v_id;
  insert into cell_life (district_id, cell_id, valid) values (p_district, v_id, v_valid);
  insert into cell_code (district_id, cell_id, scheme, code, valid) values (p_district, v_id, v_scheme, p_body->>'code', v_valid);
  insert into cell_name (district_id, cell_id, name, kind, valid)
    values (p_district, v_id, p_body->>'name', coalesce(p_body->>'kind', case p_level when 4 then 'enterprise' when 3 then 'village' else 'town' end), v_valid);
  insert into cell_parent (district_id, cell_id, parent_id, valid) values (p_district, v_id, p_parent, v_valid);
  if p_level = 4 then
    insert into enterprise select * from jsonb_populate_record(null::enterprise, enterprise_facts(p_body) || jsonb_build_object(
      'district_id', p_district, 'cell_id', v_id, 'valid', v_valid, 'recorded', tstzrange(now(), null)));
  else
    if p_body->'geometry' is not null then
      v_shape := shape_of(p_body->'geometry');
      insert into cell_shape (district_id, cell_id, geom, area_m2, valid) values (p_district, v_id, v_shape, ST_Area(v_shape::geography), v_valid);
    end if;
    perform map_epochs_refresh(p_district);
    perform places_refresh(p_district, array[v_id], v_from);
  end if;
  perform trail(p_district, p_actor, 'create', 'cell', v_id::text, p_body->>'reason', null, p_body - 'geometry', p_request);
  perform bump(p_district, true);
  return v_id;
end $$;

-- What a client says of an enterprise, as columns of its table.
create or replace function enterprise_facts(p_body jsonb) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(k, v), '{}') from (
    select k, p_body->k as v from unnest(array['address', 'industry', 'headcount', 'risk_grade', 'principal', 'phone', 'lead_department']) k where p_body ? k
    union all
    select 'location', to_jsonb(ST_AsEWKT(ST_SetSRID(ST_MakePoint((p_body->>'lon')::float8, (p_body->>'lat')::float8), 4490), 15))
      where p_body->>'lon' is not null) x
$$;

-- Changes what is said of a cell from p_body's `from` on; `to` closes it on that day. Returns false when nothing differs. An enterprise whose point is another goes
-- to the village of that point, unless p_parent is named.
create or replace function cell_change(p_district integer, p_cell bigint, p_parent bigint, p_body jsonb, p_actor text, p_request text)
returns boolean language plpgsql as $$
declare
  v_any boolean := false; v_land boolean := false; v_way boolean := false; v_from date := (p_body->>'from')::date; v_level smallint; v_shape geometry; e record;
begin
  perform map_held(p_district, true);
  select level into v_level from cell where district_id = p_district and id = p_cell;
  if not exists (select from cell_life where district_id = p_district and cell_id = p_cell and valid @> v_from and upper_inf(recorded)) then
    raise exception 'The cell does not exist on %.', v_from using errcode = 'GR422';
  end if;
  if p_body ? 'name' or p_body ? 'kind' then
    v_any := revise('cell_name', p_district, p_cell, v_from, jsonb_strip_nulls(jsonb_build_object('name', p_body->'name', 'kind', p_body->'kind')));
  end if;
  if p_body ? 'code' then
    v_land := revise('cell_code', p_district, p_cell, v_from, jsonb_build_object('code', p_body->>'code', 'scheme',
      coalesce(p_body->>'scheme', (select scheme from cell_code where district_id = p_district and cell_id = p_cell and valid @> v_from and upper_inf(recorded) limit 1))));
  end if;
  if p_parent is not null then
    perform cell_check_parent(p_district, v_level, p_parent, v_from);
    v_way := revise('cell_parent', p_district, p_cell, v_from, jsonb_build_object('parent_id', p_parent));
  end if;
  if v_level = 4 and enterprise_facts(p_body) <> '{}' then
    e := enterprise_change(p_district, p_cell, v_from, enterprise_facts(p_body), p_parent is not null);
    v_any := v_any or e.changed;
    v_way := v_way or e.moved;
  elsif v_level < 4 and p_body->'geometry' is not null then
    v_shape := shape_of(p_body->'geometry');
    perform shape_revise(p_district, p_cell, v_from, v_shape, ST_Area(v_shape::geography));
    v_land := true;
  end if;
  if p_body->>'to' is not null then
    perform cell_check_close(p_district, p_cell, (p_body->>'to')::date);
    v_land := cell_close(p_district, p_cell, (p_body->>'to')::date) or v_land;
  end if;
  v_any := v_any or v_land or v_way;
  if v_any and v_level <= 3 then perform map_epochs_refresh(p_district); end if;
  if v_land or v_way and v_level = 4 then perform places_refresh(p_district, array[p_cell], coalesce((p_body->>'to')::date, v_from));
  elsif v_way then perform chains_refresh(p_district, array[p_cell], v_from); end if;
  if v_any then
    perform trail(p_district, p_actor, 'change', 'cell', p_cell::text, p_body->>'reason', null, p_body - 'geometry', p_request);
    perform bump(p_district, true);
  end if;
  return v_any;
end $$;

-- All that was ever said of a cell, as known now; with p_all, what was superseded too; with p_drawn, each version of its shape as GeoJSON. `lineage` tells which cells it
-- came from, and which came from it.
create or replace function cell_history(p_district integer, p_cell bigint, p_all boolean, p_drawn boolean) returns jsonb
language plpgsql stable as $$
declare t text; v_rows jsonb; v_out jsonb := '{}';
begin
  foreach t in array array['cell_life', 'cell_code', 'cell_name', 'cell_parent', 'cell_shape', 'enterprise'] loop
    execute format($q$
      select coalesce(jsonb_agg((to_jsonb(x) - array['district_id', 'cell_id', 'geom', 'location', 'phone', 'valid', 'recorded'])
               || jsonb_build_object('valid', jsonb_build_object('from', lower(x.valid), 'to', upper(x.valid)),
                                     'recorded', jsonb_build_object('from', lower(x.recorded), 'to', upper(x.recorded)))
               || case when $4 and %2$L = 'cell_shape' then jsonb_build_object('geometry', ST_AsGeoJSON((to_jsonb(x)->>'geom')::geometry, 7, 0)::jsonb) else '{}' end
               order by lower(x.valid), lower(x.recorded)), '[]')
      from (select * from %1$I where district_id = $1 and cell_id = $2 and ($3 or upper_inf(recorded))) x$q$, t, t)
      into v_rows using p_district, p_cell, p_all, p_drawn;
    v_out := v_out || jsonb_build_object(case t when 'enterprise' then 'facts' else substr(t, 6) end, v_rows);
  end loop;
  select coalesce(jsonb_agg(jsonb_build_object('from', from_cell, 'to', to_cell, 'share', share, 'share_of', share_of, 'day', day, 'plan', plan,
           'recorded', jsonb_build_object('from', lower(recorded), 'to', upper(recorded))) order by day, from_cell, to_cell), '[]') into v_rows
  from cell_lineage where district_id = p_district and p_cell in (from_cell, to_cell) and (p_all or upper_inf(recorded));
  return v_out || jsonb_build_object('lineage', v_rows);
end $$;
