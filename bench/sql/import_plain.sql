-- The Chicago sample from staging tables into Gridward's own, one INSERT a table; see bench/importing.py.
create table staged_enterprise (license_no text, dba_name text, facility_type text, risk text, address text, zip text, license_code text, license_description text,
  business_activity text, ward_recorded text, police_district_recorded text, latitude float8, longitude float8);
create table staged_hazard (request_no text, created date, completed date, status text, nature text, ward text, police_district text, community_area text, x_ftus float8,
  y_ftus float8, latitude float8, longitude float8);
create table staged_inspection (inspection_id text, license_no text, inspection_date date, inspection_type text, result text, risk text, facility_type text,
  critical_count text, serious_count text, minor_count text, latitude float8, longitude float8);
\set from '\\copy staged_enterprise from program ''zcat ' :establishments ''' with (format csv, header)'
:from
\set from '\\copy staged_hazard from program ''zcat ' :hazards ''' with (format csv, header)'
:from
\set from '\\copy staged_inspection from program ''zcat ' :inspections ''' with (format csv, header)'
:from
analyze staged_town, staged_village, staged_enterprise, staged_hazard, staged_inspection;

insert into district (scheme, time_zone, holds_from) values ('chicago', 'America/Chicago', '2000-01-01');
create table staged_cell as
  select nextval('cell_id_seq') as id, c.*, daterange('2000-01-01', null) as valid
  from (
    select 1 as level, 'chicago' as scheme, 'chicago' as code, null as parent, 'Chicago' as name, 'city' as kind, null::geometry as geom
    union all select 2, 'chicago', code::text, 'chicago', name, 'community area', geom from staged_town
    union all select 3, 'chicago', code::text, parent::text, name, 'census tract', geom from staged_village
    union all select 4, 'chicago-license', license_no, 'chicago', coalesce(nullif(dba_name, ''), license_no), coalesce(nullif(facility_type, ''), 'enterprise'), null from staged_enterprise) c;
create index on staged_cell (code);
analyze staged_cell;
insert into cell (district_id, id, level) overriding system value select 1, id, level from staged_cell;
insert into cell_life (district_id, cell_id, valid) select 1, id, valid from staged_cell;
insert into cell_code (district_id, cell_id, scheme, code, valid) select 1, id, scheme, code, valid from staged_cell;
insert into cell_name (district_id, cell_id, name, kind, valid) select 1, id, name, kind, valid from staged_cell;
insert into cell_parent (district_id, cell_id, parent_id, valid)
  select 1, c.id, p.id, c.valid from staged_cell c join staged_cell p on p.code = c.parent and p.scheme = 'chicago';
insert into cell_shape (district_id, cell_id, geom, area_m2, valid)
  select 1, id, ST_SetSRID(ST_Multi(geom), 4490), ST_Area(geom::geography), valid from staged_cell where geom is not null;
insert into enterprise (district_id, cell_id, location, address, industry, risk_grade, valid)
  select 1, c.id, ST_SetSRID(ST_MakePoint(e.longitude, e.latitude), 4490), e.address, e.facility_type,
         case e.risk when 'Risk 1 (High)' then 1 when 'Risk 2 (Medium)' then 2 when 'Risk 3 (Low)' then 3 end, c.valid
  from staged_enterprise e join staged_cell c on c.code = e.license_no and c.scheme = 'chicago-license';
update district set cell_id = (select id from staged_cell where level = 1);

insert into chain (district_id, district_cell) select 1, id from staged_cell where level = 1;
create table staged_event as
  select gen_random_uuid() as id, h.* from (select distinct on (request_no) * from staged_hazard) h;
insert into event_key (district_id, id, kind, day) select 1, id, 'hazard', created from staged_event;
insert into hazard (district_id, id, day, location, chain_id, rule, external_id, source, grade, category, closed_on)
  select 1, id, created, ST_SetSRID(ST_MakePoint(longitude, latitude), 4490), (select min(id) from chain), 'unplaced', request_no, 'public_report', 'general', nature, completed
  from staged_event;
create table staged_visit as select gen_random_uuid() as id, i.* from staged_inspection i;
insert into event_key (district_id, id, kind, day) select 1, id, 'inspection', inspection_date from staged_visit;
insert into inspection (district_id, id, day, enterprise_id, location, chain_id, rule, external_id, visit_kind, result, outcome)
  select 1, v.id, v.inspection_date, c.id, ST_SetSRID(ST_MakePoint(v.longitude, v.latitude), 4490), (select min(id) from chain), 'unplaced', v.inspection_id, v.inspection_type, 'completed', v.result
  from staged_visit v left join staged_cell c on c.code = v.license_no and c.scheme = 'chicago-license';
