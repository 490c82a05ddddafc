-- The audit row of an imported basemap, told to the servers. $1 district or null, $2 actor, $3 scheme of the district or *, $4 files and counts as jsonb.
with told as (select pg_notify('gridward_version', '')), up as (select case when $1::int is not null then version_up($1::int, false, false) end from told)
select trail($1::int, $2, 'import', 'basemap', $3, null, null, $4::jsonb, null) from up
