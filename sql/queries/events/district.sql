-- The districts that have an event of this id. $1 kind, $2 id.
select district_id from event_key where kind = $1 and id = $2::uuid order by district_id
