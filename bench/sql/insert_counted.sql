-- The same event through event_record: stamped, counted, noted, its version bumped. Where it falls the server tells from the map in its memory; what it takes to
-- find that there is no part of this.
select event_record('hazard', :district::int,
  jsonb_build_object('id', gen_random_uuid(), 'day', '2015-06-01', 'location', 'SRID=4490;POINT(-87.63 41.88)', 'source', 'patrol', 'grade', 'general'), 'bench', null,
  row(:map_version::bigint, :leaf::bigint, :chain::int)::told_place);
