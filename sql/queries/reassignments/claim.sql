-- Claims a plan for its application: it is of a version, in one of some states (an array), and ready. $1 id, $2 version, $3 states.
select reassignment_check_ready(reassignment_claim($1::uuid, $2, $3::text[]))
