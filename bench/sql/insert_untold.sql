-- The same as insert_counted where the server can tell nothing: the database finds the place itself.
select event_record('hazard', :district::int,
  jsonb_build_object('id', gen_random_uuid(), 'day', '2015-06-01', 'location', 'SRID=4490;POINT(-87.63 41.88)', 'source', 'patrol', 'grade', 'general'), 'bench', null, null);
