-- All that a paper of a plan says. $1 id.
select plan_paper($1::uuid)::text as doc
