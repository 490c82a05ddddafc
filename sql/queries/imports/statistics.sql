-- What the planner knows, made anew. $1 of what: cells or events.
select statistics_refresh($1)
