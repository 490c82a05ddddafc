-- Imported basemaps: how the shapes of a layer come to be drawn, and how a layer is replaced.

-- The bands of zooms, each named by its deepest. What is drawn at the last is drawn at all deeper ones.
create or replace function basemap_bands() returns setof smallint
language sql immutable as $$ select unnest(array[5, 7, 9, 11, 12, 13, 14]::smallint[]) $$;

-- The band of a zoom.
create or replace function basemap_band(p_zoom integer) returns smallint
language sql immutable as $$ select coalesce(min(b), 14)::smallint from basemap_bands() b where b >= p_zoom $$;

-- Metres of the plane of tiles that a pixel is wide at a zoom, where a tile is drawn 512 pixels wide.
create or replace function basemap_pixel(p_band integer) returns float8
language sql immutable as $$ select 78271.516964 / 2 ^ p_band $$;

-- The first band in which a class is drawn.
create or replace function basemap_first_band(p_kind text, p_class text) returns smallint
language sql immutable as $$
  select case p_kind
    when 'road' then case p_class when 'motorway' then 5 when 'trunk' then 7 when 'primary' then 9 when 'secondary' then 11 when 'tertiary' then 12 when 'residential' then 13 else 14 end
    when 'rail' then case p_class when 'rail' then 9 else 12 end
    when 'water' then case p_class when 'river' then 9 when 'canal' then 12 when 'stream' then 13 else 5 end
    when 'place' then case p_class when 'city' then 5 when 'town' then 9 when 'village' then 12 else 13 end
    else 9 end::smallint
$$;

-- How far what is simplified for a band may be off: half a pixel; at the last, which is enlarged for all deeper zooms, what a step of its grid is.
create or replace function basemap_tolerance(p_band integer) returns float8
language sql immutable as $$ select basemap_pixel(p_band) * case when p_band = 14 then 0.0625 else 0.5 end $$;

-- Lines: those of a class and name that begin in the same tile are one, so that there are fewer, and names find room along them.
create or replace function basemap_draw_lines(p_layer integer, p_kind text, p_band integer) returns void
language sql as $$
  with piece as (
    select s.class, case when p_band >= 12 then s.name end as name, d.geom
    from basemap_shape s cross join lateral ST_Dump(ST_Transform(ST_SetSRID(s.geom, 4326), 3857)) d
    where s.layer_id = p_layer and ST_Dimension(s.geom) = 1 and basemap_first_band(p_kind, s.class) <= p_band),
  together as (
    select class, name, ST_LineMerge(ST_Collect(geom)) as geom from piece
    group by class, name, floor(ST_X(ST_StartPoint(geom)) / (512 * basemap_pixel(p_band))), floor(ST_Y(ST_StartPoint(geom)) / (512 * basemap_pixel(p_band))))
  insert into basemap_drawn (layer_id, kind, band, class, name, geom)
  select p_layer, p_kind, p_band, class, name, ST_Simplify(geom, basemap_tolerance(p_band), true) from together
$$;

-- Areas: those that can be seen, and of large ones pieces, so that a tile asks for those alone that it shows; and a point for the name of each that has room for it.
create or replace function basemap_draw_areas(p_layer integer, p_kind text, p_band integer) returns void
language sql as $$
  with area as materialized (
    select s.class, s.name, ST_Transform(ST_SetSRID(s.geom, 4326), 3857) as geom
    from basemap_shape s where s.layer_id = p_layer and ST_Dimension(s.geom) = 2 and basemap_first_band(p_kind, s.class) <= p_band),
  seen as (
    insert into basemap_drawn (layer_id, kind, band, class, name, geom)
    select p_layer, p_kind, p_band, a.class, null, piece
    from area a cross join lateral ST_Subdivide(ST_MakeValid(ST_SimplifyPreserveTopology(a.geom, basemap_tolerance(p_band))), 512) piece
    where ST_Area(a.geom) >= (3 * basemap_pixel(p_band)) ^ 2 and ST_Dimension(piece) = 2)
  insert into basemap_drawn (layer_id, kind, band, class, name, geom)
  select p_layer, 'place', p_band, p_kind, name, ST_PointOnSurface(geom) from area where name is not null and ST_Area(geom) >= (60 * basemap_pixel(p_band)) ^ 2
$$;

-- What is drawn of a layer, made anew.
create or replace function basemap_draw(p_layer integer, p_kind text) returns void
language plpgsql as $$
declare v_band smallint;
begin
  delete from basemap_drawn where layer_id = p_layer;
  for v_band in select basemap_bands() loop
    perform basemap_draw_lines(p_layer, p_kind, v_band);
    perform basemap_draw_areas(p_layer, p_kind, v_band);
    insert into basemap_drawn (layer_id, kind, band, class, name, geom)
    select p_layer, p_kind, v_band, s.class, s.name, ST_Transform(ST_SetSRID(s.geom, 4326), 3857)
    from basemap_shape s where s.layer_id = p_layer and ST_Dimension(s.geom) = 0 and basemap_first_band(p_kind, s.class) <= v_band;
  end loop;
end $$;

-- Puts the rows of a kind in the temporary table incoming_basemap in the place of what an owner had of it. `before`: how many shapes those were, null where
-- the layer is new; nothing is done, and `same` is true, where what comes is what is there.
create or replace function basemap_replace(p_district integer, p_kind text, p_credit text, p_synthetic boolean, p_digest text, out same boolean, out before bigint)
language plpgsql as $$
declare l basemap_layer;
begin
  select * into l from basemap_layer where district_id is not distinct from p_district and kind = p_kind;
  before := l.shapes;
  same := l.digest is not distinct from p_digest and l.credit is not distinct from p_credit and l.synthetic is not distinct from p_synthetic;
  if same then return; end if;
  if l.id is null then
    insert into basemap_layer (district_id, kind, credit, synthetic, digest, shapes, version) values (p_district, p_kind, p_credit, p_synthetic, p_digest, 0, 0) returning * into l;
  end if;
  delete from basemap_shape where layer_id = l.id;
  insert into basemap_shape (layer_id, class, name, geom) select l.id, class, name, ST_SetSRID(geom, 4490) from incoming_basemap where kind = p_kind;
  perform basemap_draw(l.id, p_kind);
  update basemap_layer set credit = p_credit, synthetic = p_synthetic, digest = p_digest, version = nextval('basemap_version'), imported_at = now(),
    shapes = (select count(*) from basemap_shape where layer_id = l.id), box = (select ST_SetSRID(ST_Envelope(ST_Extent(geom)::geometry), 4490) from basemap_shape where layer_id = l.id)
  where id = l.id;
end $$;

-- Takes out of incoming_basemap what of a table cannot be drawn, and tells its rows, and whether they reach beyond the tiles; else it is a line that has no length.
create or replace function basemap_check(p_table integer) returns table (bad_row bigint, beyond boolean)
language plpgsql as $$
begin
  return query
    delete from incoming_basemap i where i.table_no = p_table and (ST_YMax(i.geom) > 85 or ST_YMin(i.geom) < -85 or (ST_Dimension(i.geom) = 1 and ST_Length(i.geom) = 0))
    returning i.row_no, ST_YMax(i.geom) > 85 or ST_YMin(i.geom) < -85;
end $$;
