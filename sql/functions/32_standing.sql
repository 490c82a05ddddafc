-- Contact points and entrustments: papers (16_supervision.sql) of a cell.

-- Refuses the current row of a table of such papers whose cell is of no level between two, or does not exist for all of its days.
create or replace function standing_check(p_table text, p_district integer, p_id bigint, p_least smallint, p_most smallint, p_refusal text) returns void
language plpgsql as $$
declare v_fits boolean;
begin
  execute format('select exists (select from %I t
      join cell c on c.district_id = t.district_id and c.id = t.cell_id and c.level between $3 and $4
      join cell_life l on l.district_id = t.district_id and l.cell_id = t.cell_id and l.valid @> t.valid and upper_inf(l.recorded)
      where t.district_id = $1 and t.id = $2 and upper_inf(t.recorded))', p_table) into v_fits using p_district, p_id, p_least, p_most;
  if not v_fits then raise exception '%', p_refusal using errcode = 'GR422'; end if;
end $$;

-- Writes a contact point: a new one (p_id null), or as a correction of one. Returns the id.
create or replace function contact_point_write(p_district integer, p_id bigint, p_cell bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint;
begin
  if p_body ? 'person' and not exists (select from person where district_id = p_district and id = (p_body->>'person')::bigint) then
    raise exception 'There is no such person in this district.' using errcode = 'GR422';
  end if;
  v_id := paper_write('contact_point', p_district, p_id, (p_body - '{district,cell,person,reason}'::text[]) || jsonb_build_object('cell_id', p_cell)
    || case when p_body ? 'person' then jsonb_build_object('person_id', p_body->'person') else '{}' end, p_body->>'reason', p_actor, p_request);
  perform standing_check('contact_point', p_district, v_id, 2::smallint, 4::smallint, 'A contact point is a town, a village, an enterprise or a project that exists for all of its days.');
  return v_id;
end $$;

-- Writes an entrustment: a new one (p_id null), or as a correction of one. Returns the id.
create or replace function entrustment_write(p_district integer, p_id bigint, p_cell bigint, p_body jsonb, p_actor text, p_request text) returns bigint
language plpgsql as $$
declare v_id bigint;
begin
  v_id := paper_write('entrustment', p_district, p_id, (p_body - '{district,cell,reason}'::text[]) || jsonb_build_object('cell_id', p_cell), p_body->>'reason', p_actor, p_request);
  perform standing_check('entrustment', p_district, v_id, 2::smallint, 2::smallint, 'A body of a town, or of an industrial zone, is entrusted, which exists for all of that time.');
  return v_id;
end $$;
