-- What `gridward check` compares with.

-- Points of a district on a day as PostGIS places them: p_random of them anywhere in its box, p_border on borders (a vertex, or some way
-- between two that follow each other).
create or replace function places_by_postgis(p_district integer, p_day date, p_random integer, p_border integer)
returns table (x double precision, y double precision, cell_id bigint)
language plpgsql as $$
begin
  create temp table spot on commit drop as
    with shape as materialized (
      select s.geom from cell_shape s where s.district_id = p_district and s.valid @> p_day and upper_inf(s.recorded)),
    box as materialized (select ST_Extent(geom) as b from shape),
    edge as materialized (select (ST_DumpSegments(geom)).geom as line, random() as r from shape),
    point as (
      select ST_SetSRID(ST_MakePoint(ST_XMin(b) + (ST_XMax(b) - ST_XMin(b)) * random(),
                                     ST_YMin(b) + (ST_YMax(b) - ST_YMin(b)) * random()), 4490) as point
      from box, generate_series(1, p_random)
      union all
      (select case when r < 0.3 then ST_StartPoint(line) else ST_LineInterpolatePoint(line, r) end
       from edge order by random() limit p_border))
    select row_number() over () as id, p_day as day, point from point where point is not null;
  create temp table placed on commit drop as select * from cells_at(p_district);
  return query select ST_X(s.point), ST_Y(s.point), coalesce(a.cell_id, 0) from spot s left join placed a on a.id = s.id;
  drop table spot, placed;
end $$;
