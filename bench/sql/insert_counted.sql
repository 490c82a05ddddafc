-- The same event through event_record: placed, stamped, counted, noted, its version bumped.
select event_record('hazard', (select id from district where scheme = 'chicago'),
  jsonb_build_object('id', gen_random_uuid(), 'day', '2015-06-01', 'location', 'SRID=4490;POINT(-87.63 41.88)', 'source', 'patrol', 'grade', 'general'), 'bench', null);
