-- In how many days a handover is to be signed: a weight of a scale of its own, dated like the others, so that each district may set its own. An assumption.
alter table figure_weight drop constraint figure_weight_scale_check, add constraint figure_weight_scale_check check (scale in ('severity', 'risk', 'accident', 'workload', 'handover'));
insert into figure_weight (scale, grade, weight) values ('handover', 'acknowledge_days', 3);

-- When the superior of one who has not signed was told, and who that is; null: nobody stands above him.
alter table reassignment_receipt add escalated_at timestamptz, add superior_id bigint,
  add foreign key (district_id, superior_id) references person (district_id, id);
create index reassignment_unsigned on reassignment_receipt (plan) where (acknowledged_at is null and escalated_at is null);
