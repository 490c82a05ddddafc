-- Merges the certificates or exemptions in the temporary table incoming. $1 certificate or exemption, $2 district.
select added, changed, same from papers_import($1, $2::int)
