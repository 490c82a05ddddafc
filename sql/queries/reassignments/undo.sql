-- Takes the last operation out of a plan, or a certain one. $1 id, $2 version, $3 its number or null, $4 actor, $5 request id.
select operation_undo($1::uuid, $2, $3::int, $4, $5)
