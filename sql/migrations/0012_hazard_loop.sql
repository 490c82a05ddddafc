-- The loop of a hazard as it is entered over REST: the days that its steps set, and corrections among them. Finding is the hazard's own row.
alter table hazard
  add column found_by text,                  -- who found it, as named
  add column registered_on date,
  add column graded_on date,
  add column ordered_on date,                -- 下达整改
  add column transferred_on date,            -- 移送
  add column transferred_to text;
alter table hazard_step drop constraint hazard_step_step_check;
alter table hazard_step add constraint hazard_step_step_check check (step in (
  'registered', 'graded', 'ordered', 'extended', 'rectified', 'reviewed', 'closed', 'listed', 'unlisted', 'transferred', 'reopened', 'corrected'));
