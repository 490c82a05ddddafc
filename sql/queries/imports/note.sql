-- The audit row of an import, with its version. $1 district, $2 actor, $3 scheme of the district, $4 files and counts as jsonb.
with b as (select bump($1::int, true))
select trail($1::int, $2, 'import', 'file', $3, null, null, $4::jsonb, null) from b
