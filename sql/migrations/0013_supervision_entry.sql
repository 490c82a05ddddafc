-- What supervision is measured by comes in over REST and from files: a key of its source for each, so that an import can be repeated.
alter table certificate add column external_id text;
create unique index certificate_external on certificate (district_id, external_id) where (upper_inf(recorded));
alter table exemption add column external_id text;
create unique index exemption_external on exemption (district_id, external_id) where (upper_inf(recorded));
alter table hazard_step add column external_id text;
create unique index hazard_step_external on hazard_step (district_id, external_id);
create index assignment_post on assignment (district_id, post) where (upper_inf(recorded));
-- Why an enterprise is exempt; `reason` is why something is written, as everywhere.
alter table exemption rename column reason to ground;
