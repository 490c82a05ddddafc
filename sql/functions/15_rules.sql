-- What figures are judged by changes their answers as much as what they count: a write to it is a new version of every district.
create or replace function rules_changed() returns trigger language plpgsql as $$
begin
  perform bump(id, false) from district;
  return null;
end $$;
create or replace trigger rules_changed after insert or update or delete on visit_rule for each statement execute function rules_changed();
create or replace trigger rules_changed after insert or update or delete on figure_weight for each statement execute function rules_changed();
create or replace trigger rules_changed after insert or update or delete on score_rule for each statement execute function rules_changed();
create or replace trigger rules_changed after insert or update or delete on score_floor for each statement execute function rules_changed();
