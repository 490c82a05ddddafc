-- What is imported to draw maps on: the version of it all (0: nothing was ever imported), its box in degrees (null where there is nothing), whose data it is, whether any of it is made up, and which kinds there are.
select coalesce(max(version), 0) as version, ST_XMin(ST_Extent(box)) as west, ST_YMin(ST_Extent(box)) as south, ST_XMax(ST_Extent(box)) as east, ST_YMax(ST_Extent(box)) as north,
       string_agg(distinct credit, '; ') filter (where shapes > 0) as credit, coalesce(bool_or(synthetic and shapes > 0), false) as synthetic,
       coalesce(string_agg(distinct kind, ' ') filter (where shapes > 0), '') as kinds
from basemap_layer
