-- What work is reckoned at, in minutes, as weights of a scale of its own: dated like the others, and each district may set its own. Assumptions.
alter table figure_weight drop constraint figure_weight_scale_check, add constraint figure_weight_scale_check check (scale in ('severity', 'risk', 'accident', 'workload'));
insert into figure_weight (scale, grade, weight) values ('workload', 'inspection', 120), ('workload', 'patrol', 45), ('workload', 'travel', 20), ('workload', 'follow_up', 30);
