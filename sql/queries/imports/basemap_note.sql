-- The audit row of an imported basemap, told to the servers, and to those who follow any district, as all may see it. $1 district or null, $2 actor, $3 scheme of the district or *, $4 files and counts as jsonb.
with told as (select pg_notify('gridward_version', '')), up as (select case when $1::int is not null then version_up($1::int, false, false) end from told),
     others as (insert into outbox (district_id, topic, payload) select d.id, 'basemap.import', jsonb_build_object('id', $3::text) from district d where d.id is distinct from $1::int)
select trail($1::int, $2, 'import', 'basemap', $3::text, null, null, $4::jsonb, null) from up
