-- The same as the server asks it (sql/queries/events/record.sql): the client's body is checked and made a row first, which the plain insert is spared.
select event_record('hazard', :district::int, event_row(:district::int,
  jsonb_build_object('id', gen_random_uuid(), 'day', '2015-06-01', 'lon', -87.63, 'lat', 41.88, 'source', 'patrol', 'grade', 'general')), 'bench', null,
  row(:map_version::bigint, :leaf::bigint, :chain::int)::told_place);
