-- The day from which a plan holds. $1 id.
select effective_on as day from reassignment where id = $1::uuid
