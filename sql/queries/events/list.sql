-- Events by day and id as JSON documents; see events_list(). $1 kind, $2 district, $3 cell, $4 direct, $5 map day, $6 known at or null,
-- $7 filter, $8 after day, $9 after id, $10 how many.
select id, day, doc from events_list($1, $2::int, $3::bigint, $4::boolean, $5::date, coalesce($6::timestamptz, 'infinity'), $7::jsonb, $8::date, $9::uuid, $10::int)
