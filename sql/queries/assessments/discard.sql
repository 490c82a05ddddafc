-- Puts a draft aside. $1 id, $2 version, $3 actor, $4 request id.
select assessment_discard($1::uuid, $2, $3, $4)
