-- Puts in again what was undone last. $1 id, $2 version, $3 actor, $4 request id.
select operation_redo($1::uuid, $2, $3, $4)
