-- How key regions are ranked, as coordinators set it; see 13_supervision.sql for rules.

-- Sets how a component of the score becomes points in a district from a day on. Returns its id.
create or replace function score_rule_set(p_district integer, p_body jsonb, p_actor text, p_request text) returns integer
language plpgsql as $$
declare
  v_id integer;
  v_measures text[] := case p_body->>'component' when 'coverage_gap' then '{due_coverage,inspection_coverage,frequency_compliance}'::text[] when 'open_hazards' then '{open_hazards_per_enterprise}'
    when 'accidents' then '{accidents_per_enterprise}' else array[p_body->>'component'] end;
  v_measure text := coalesce(p_body->>'measure', v_measures[1]);
begin
  if v_measure <> all(v_measures) then
    raise exception 'The component % looks at %.', p_body->>'component', array_to_string(v_measures, ', ') using errcode = 'GR422';
  end if;
  if (p_body->>'full_at')::float8 <= (p_body->>'zero_at')::float8 then
    raise exception 'full_at must be above zero_at: points rise with the value.' using errcode = 'GR422';
  end if;
  v_id := rule_set('score_rule', jsonb_build_object('district_id', p_district, 'component', p_body->'component'),
    jsonb_build_object('measure', v_measure, 'weight', p_body->'weight', 'scale', p_body->'scale', 'zero_at', p_body->'zero_at', 'full_at', p_body->'full_at'), (p_body->>'from')::date);
  perform trail(p_district, p_actor, 'set', 'score_rule', v_id::text, p_body->>'reason', null, p_body, p_request);
  perform bump(p_district, false);
  return v_id;
end $$;

-- Sets from when an area of a district is ranked, from a day on. Returns its id.
create or replace function score_floor_set(p_district integer, p_body jsonb, p_actor text, p_request text) returns integer
language plpgsql as $$
declare v_id integer;
begin
  if p_body->>'name' like '%coverage' and (p_body->>'value')::float8 > 1 or p_body->>'name' = 'look_back_days' and not (p_body->>'value')::float8 between 1 and 3660 then
    raise exception 'A coverage is a share from 0 to 1, look_back_days are 1 to 3660.' using errcode = 'GR422';
  end if;
  v_id := rule_set('score_floor', jsonb_build_object('district_id', p_district, 'name', p_body->'name'), jsonb_build_object('value', p_body->'value'), (p_body->>'from')::date);
  perform trail(p_district, p_actor, 'set', 'score_floor', v_id::text, p_body->>'reason', null, p_body, p_request);
  perform bump(p_district, false);
  return v_id;
end $$;

-- General rules are changed by the owner of the database. They change the answers of every district: a new version of each.
create or replace function rules_changed() returns trigger language plpgsql as $$
begin
  perform bump(id, false) from district;
  return null;
end $$;
do $$
declare t text;
begin
  foreach t in array array['visit_rule', 'figure_weight', 'score_rule', 'score_floor'] loop
    execute format('create or replace trigger rules_changed after insert or update or delete on %I for each statement execute function rules_changed()', t);
  end loop;
end $$;
