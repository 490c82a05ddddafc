-- Merges the certificates, exemptions or contact points or holders of posts of overlays in the temporary table incoming. $1 certificate, exemption, contact_point or overlay_holder, $2 district.
select added, changed, same from papers_import($1, $2::int)
