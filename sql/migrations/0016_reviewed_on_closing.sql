-- A review that was passed counts on the day of the closing beside which it stands (event_counts), no longer on its own; what is kept is counted
-- anew after a migration.
comment on column hazard.reviewed_on is 'the day on which it passed its review (复查); counts on closed_on';
