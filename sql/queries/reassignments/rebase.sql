-- Drafts a plan upon the map as it is now. $1 id, $2 version, $3 actor, $4 request id. Returns what had changed.
select reassignment_rebase($1::uuid, $2, $3, $4)::text as conflicts
