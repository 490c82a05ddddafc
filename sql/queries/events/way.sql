-- The cells and the enterprise that an event stands in. $1 kind, $2 district, $3 id. No row when there is no such event.
select unnest(event_way($1, $2::int, $3::uuid)) as id
