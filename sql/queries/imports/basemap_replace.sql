-- Puts the rows of a kind in the place of those that were there. $1 district or null, $2 kind, $3 credit, $4 whether it is made up, $5 digest of the rows.
select same, before from basemap_replace($1::int, $2, $3, $4::boolean, $5)
