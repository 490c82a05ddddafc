-- A cell gets another code without another parent: codes that do not fit, or that another cell bore, are issued anew on the same identity.
alter table reassignment_operation drop constraint reassignment_operation_kind_check;
alter table reassignment_operation add constraint reassignment_operation_kind_check
  check (kind in ('assign', 'move_cell', 'move_enterprise', 'merge', 'split', 'boundary', 'close', 'reopen', 'swap', 'recode', 'restore'));
-- It returns something now.
drop function if exists places_foresee(uuid);
-- Open cases (移送) are looked for whenever a plan is compared; they are few among the hazards.
create index hazard_case on hazard (district_id, id) where (transferred_on is not null and closed_on is null and upper_inf(recorded));
