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

-- The kept moves of a district, counted from the events and where they stand on other days of the map.
create or replace function recount_moves(p_district integer)
returns table (series_id smallint, day date, stamped bigint, placed bigint, valid daterange, n bigint)
language plpgsql as $$
declare k text;
begin
  foreach k in array array['hazard', 'inspection', 'patrol', 'accident'] loop
    return query execute format($q$
      with counted as materialized (
        select c.kind, c.source, c.grade, c.day, coalesce(h.leaf, 0) as stamped, coalesce(m.leaf, 0) as placed, m.valid, count(*) as n
        from event_move m join %1$I e on e.district_id = m.district_id and e.id = m.event_id and e.day = m.day and upper_inf(e.recorded)
        join chain h on h.id = e.chain_id
        cross join lateral event_counts(%1$L, %2$s) c
        where m.district_id = $1 and upper_inf(m.recorded) group by 1, 2, 3, 4, 5, 6, 7)
      select series_of(kind, source, grade), day, stamped, placed, valid, n from counted$q$, k, counted_columns(k)) using p_district;
  end loop;
end $$;
