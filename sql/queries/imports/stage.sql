-- Makes the temporary table incoming_event. $1 kind.
select events_stage($1)
