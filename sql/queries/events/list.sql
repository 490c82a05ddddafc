-- Events by day and id as JSON documents; see events_list(). $1 kind, $2 district, $3 cell, $4 direct, $5 map day, $6 from, $7 to,
-- $8 open at, $9 source, $10 grade, $11 result, $12 enterprise, $13 id, $14 known at, $15 after day, $16 after id, $17 how many.
select id, day, doc from events_list($1, $2::int, $3::bigint, $4::boolean, $5::date, $6::date, $7::date, $8::date, $9, $10, $11,
  $12::bigint, $13::uuid, coalesce($14::timestamptz, 'infinity'), $15::date, $16::uuid, $17::int)
