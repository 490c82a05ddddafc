-- Notes that data left the system. $1 district, $2 actor, $3 what, $4 request id.
insert into audit (district_id, actor, action, entity, entity_id, request_id) values ($1::int, $2, 'export', 'file', $3, $4)
