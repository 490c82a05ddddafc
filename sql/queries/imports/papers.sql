-- Merges the certificates, exemptions or contact points in the temporary table incoming. $1 certificate, exemption or contact_point, $2 district.
select added, changed, same from papers_import($1, $2::int)
