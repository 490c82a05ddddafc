-- Files of reassignment plans, in the same store as those of events.
alter table attachment alter column event_id drop not null;
alter table attachment add column plan uuid references reassignment;
alter table attachment add constraint attachment_of_one check (num_nonnulls(event_id, plan) = 1);
create index attachment_plan on attachment (plan) where plan is not null;
