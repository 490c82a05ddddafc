-- Takes certificates, exemptions, contact points, holders of posts of overlays or steps that cannot be merged out of incoming. $1 kind, $2 district.
select external_id, what, value from incoming_bad_papers($1, $2::int)
