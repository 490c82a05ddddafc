-- The deepest cell of each district at a point. $1 longitude, $2 latitude, $3 day or null (its own local day).
select d.id as district_id, coalesce($3::date, (now() at time zone d.time_zone)::date) as day,
       cell_at(d.id, coalesce($3::date, (now() at time zone d.time_zone)::date),
               ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4490)) as cell_id
from district d order by d.id
