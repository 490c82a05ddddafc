"""Imported roads and water: by a recipe, replaced as a whole, and drawn by tiles that are read by another reader and held against the source in shapely and pyproj."""
import json
import math
import subprocess

import pyproj
import pytest
import requests
from shapely.geometry import LineString, Point, Polygon, box, mapping, shape
from shapely.ops import transform, unary_union

import mvt
from own_map import leader, server  # noqa: F401
from test_changes import Follower
from test_hazard_loop import layer
from test_import_rows import gcj02
from test_rights import make
from test_tiles import EXTENT, tile_of
from test_transfers import send

LON, LAT = 115.0, 28.0  # far from the districts of the demo
PLANE = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform
HALF = 20037508.342789244
OSM = {"motorway": "motorway", "trunk": "trunk", "primary": "primary", "secondary": "secondary", "tertiary": "tertiary", "unclassified": "residential", "residential": "residential", "service": "service", "footway": "path", "proposed": "none"}
HEAD = '[basemap]\nscheme = "sim-990101"\ncredit = "市测绘院 2025"\n'


def table(kind, file="shapes.geojson", columns='{ class = "highway", name = "name" }', more=""):
    return f'[[table]]\nkind = "{kind}"\nfile = "{file}"\ncolumns = {columns}\n{more}'


ROADS = table("road", more="values.class = { " + ", ".join(f'"{a}" = "{b}"' for a, b in OSM.items()) + " }\n")


def feature(geometry, **said):
    return {"type": "Feature", "properties": said, "geometry": geometry and (geometry if isinstance(geometry, dict) else mapping(geometry))}


def wavy(west, south, length, phase=0.0, steps=200):
    return LineString([(west + length * i / steps, south + 0.004 * math.sin(phase + i / 9)) for i in range(steps + 1)])


def roads():
    return [feature(wavy(LON, LAT, 0.2), highway="motorway", name="大广高速"), feature(wavy(LON, LAT + 0.02, 0.2, 1), highway="primary", name="赣江大道"), feature(wavy(LON, LAT + 0.04, 0.03, 2), highway="unclassified", name="民丰路"),
            feature(wavy(LON + 0.05, LAT + 0.04, 0.01, 3), highway="service", name=None), feature(wavy(LON, LAT + 0.06, 0.1, 4), highway="proposed", name="规划路")]


def imported(session, server, recipe, features, status=201, **params):
    answer = send(session, server, {"recipe.toml": recipe, "shapes.geojson": layer(*features)}, **params)
    assert answer.status_code == status, answer.text
    return answer.json()


def tile(session, server, z, x, y, datum="", **headers):
    answer = session.get(f"{server.base}/tiles/{datum}basemap/{z}/{x}/{y}.mvt", headers=headers)
    assert answer.status_code in (200, 204, 304), answer.text
    return answer


def read(answer):
    return {name: found.features for name, found in mvt.read(answer.content).items()} if answer.status_code == 200 else {}


def unit(geometry, z, x, y):
    """A shape in degrees in the units of a tile."""
    scale = EXTENT * 2 ** z / (2 * HALF)
    return transform(lambda lon, lat: ((PLANE(lon, lat)[0] + HALF) * scale - x * EXTENT, (HALF - PLANE(lon, lat)[1]) * scale - y * EXTENT), geometry)


def lines(features, **said):
    """Of shared tags, as one shape."""
    return unary_union([LineString(points) for f in features for points, _ in f.parts if f.kind == 2 and said.items() <= f.tags.items()])


def areas(features, **said):
    return unary_union([Polygon(s, h) for f in features for s, *h in f.polygons if said.items() <= f.tags.items()])


@pytest.fixture(scope="module")
def office(server):
    return server.session("coordinator")


@pytest.fixture(scope="module")
def with_roads(office, server):
    """A GeoPackage in Gauss-Krüger metres (EPSG:4547), as an office has it."""
    path = server.folder / "roads.gpkg"
    subprocess.run(["ogr2ogr", "-f", "GPKG", path, "/vsistdin/", "-s_srs", "EPSG:4490", "-t_srs", "EPSG:4547", "-nln", "roads"], input=layer(*roads()).encode(), check=True)
    answer = send(office, server, {"recipe.toml": HEAD + ROADS.replace("shapes.geojson", "roads.gpkg"), "roads.gpkg": path.read_bytes()})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_roads_in_metres_come_in_and_what_is_not_wanted_stays_out(with_roads):
    assert with_roads["written"] and [(t["table"], t["added"], t["as_before"]) for t in with_roads["tables"]] == [("road", 4, 0)]


@pytest.mark.parametrize("zoom", [5, 8, 11, 13, 14, 17])
def test_lines_stand_where_the_source_has_them(with_roads, server, leader, zoom):
    """Both ways, by the distance that half a pixel has there (8 units in a tile 512 pixels wide of 4096 units: a pixel), with what a step of the grid adds."""
    near = 5 if zoom < 14 else 1.5 * 2 ** (zoom - 14)
    motorway = shape(roads()[0]["geometry"])
    (x0, y1), (x1, y0) = tile_of(zoom, LON, LAT - 0.005), tile_of(zoom, LON + 0.2, LAT + 0.005)
    compared = 0
    for x in range(x0, x1 + 1, max(1, (x1 - x0) // 4)):
        for y in range(y0, y1 + 1):
            there = unit(motorway, zoom, x, y).intersection(box(0, 0, EXTENT, EXTENT))
            drawn = lines(read(tile(leader, server, zoom, x, y)).get("road", []), **{"class": "motorway"}).intersection(box(0, 0, EXTENT, EXTENT))
            if there.length < 30:
                continue
            compared += 1
            assert not drawn.is_empty and drawn.hausdorff_distance(there) <= near, (zoom, x, y)
    assert compared


def test_lesser_roads_come_with_the_zoom_and_far_off_there_is_little(with_roads, server, leader):
    seen, sizes = {}, {}
    for zoom in range(4, 16):
        here = {tile_of(zoom, LON + dx, LAT + dy) for dx in (0.005, 0.02, 0.055) for dy in (0.0, 0.02, 0.04)}
        found = [f for x, y in here for f in read(tile(leader, server, zoom, x, y)).get("road", [])]
        seen[zoom] = {f.tags["class"] for f in found}
        sizes[zoom] = sum(len(points) for f in found for points, _ in f.parts)
    assert seen[4] == seen[7] == {"motorway"} and seen[8] == seen[12] == {"motorway", "primary"} and seen[13] == seen[12] | {"residential"} and seen[14] == seen[15] == seen[13] | {"service"}
    assert sizes[5] <= 4 and sizes[8] < 60 and sizes[14] > 100
    assert not [f for f in read(tile(leader, server, 14, *tile_of(14, LON + 0.05, LAT + 0.06))).get("road", []) if f.tags.get("name") == "规划路"]


def test_names_are_said_from_the_zoom_on_at_which_there_is_room(with_roads, server, leader):
    named = lambda zoom: {f.tags.get("name") for f in read(tile(leader, server, zoom, *tile_of(zoom, LON + 0.01, LAT)))["road"]}  # noqa: E731
    assert named(11) == {None} and "大广高速" in named(12) and "大广高速" in named(14)


def test_water_is_areas_and_rivers(with_roads, office, server, leader):
    lake = Point(LON + 0.1, LAT + 0.1).buffer(0.02, 64).difference(Point(LON + 0.1, LAT + 0.1).buffer(0.005, 32))
    pond, river = Point(LON + 0.15, LAT + 0.1).buffer(0.0003), wavy(LON, LAT + 0.1, 0.2, 1)
    recipe = HEAD + table("water", columns='{ name = "name" }') + table("land", "land.geojson", '{ class = "use" }', 'values.class = { "林地" = "forest", "*" = "none" }\n')
    sent = send(office, server, {"recipe.toml": recipe, "shapes.geojson": layer(feature(lake, name="鄱湖"), feature(pond, name=None), feature(river, name="赣江")),
                                 "land.geojson": layer(feature(box(LON, LAT + 0.12, LON + 0.05, LAT + 0.15), use="林地"), feature(box(LON, LAT + 0.2, LON + 0.05, LAT + 0.25), use="草原"))})
    assert sent.status_code == 201 and [(t["table"], t["added"]) for t in sent.json()["tables"]] == [("water", 3), ("land", 1)], sent.text
    for zoom, near in ((9, 200), (13, 2000), (14, 60)):
        for x, y in {tile_of(zoom, LON + dx, LAT + dy) for dx in (0.09, 0.1, 0.118) for dy in (0.085, 0.1, 0.115)}:
            edge = box(-64, -64, EXTENT + 64, EXTENT + 64)
            there, drawn = unit(lake, zoom, x, y).intersection(edge), areas(read(tile(leader, server, zoom, x, y)).get("water", []), **{"class": "water"})
            assert abs(there.area - drawn.area) <= near * max(8, math.sqrt(there.area) / 16) and there.symmetric_difference(drawn).area <= near * max(8, there.length / 16), (zoom, x, y)
    def seen(zoom):
        at = (zoom, *tile_of(zoom, LON + 0.15, LAT + 0.1))
        return areas(read(tile(leader, server, *at)).get("water", [])).contains(unit(Point(LON + 0.15, LAT + 0.1), *at))

    assert seen(14) and not seen(10), "what is not three pixels wide is not drawn"
    named = [f.tags for at in {tile_of(13, LON + 0.1 + dx, LAT + 0.1 + dy) for dx in (-0.018, 0, 0.018) for dy in (-0.018, 0, 0.018)} for f in read(tile(leader, server, 13, *at)).get("place", [])]
    assert {(n["class"], n["name"]) for n in named} == {("water", "鄱湖")}
    rivers = [f for f in read(tile(leader, server, 13, *tile_of(13, LON + 0.02, LAT + 0.1)))["water"] if f.kind == 2]
    assert {(f.tags["class"], f.tags["name"]) for f in rivers} == {("river", "赣江")}
    assert {f.tags["class"] for f in read(tile(leader, server, 12, *tile_of(12, LON + 0.02, LAT + 0.13)))["land"]} == {"forest"}


def test_in_gcj02_each_thing_stands_where_the_formula_puts_it(with_roads, server, leader):
    moved = transform(lambda lon, lat: tuple(zip(*(gcj02(a, b) for a, b in zip(lon, lat)))), shape(roads()[0]["geometry"]))
    for zoom, near in ((6, 5), (10, 7), (13, 6), (14, 3)):
        x, y = tile_of(zoom, *moved.coords[60])
        edge = box(0, 0, EXTENT, EXTENT)
        there = unit(moved, zoom, x, y).intersection(edge)
        drawn = lines(read(tile(leader, server, zoom, x, y, datum="gcj02/"))["road"], **{"class": "motorway"}).intersection(edge)
        assert there.length > 100 or zoom < 8
        assert drawn.hausdorff_distance(there) <= near, zoom
    x, y = tile_of(14, *moved.coords[60])
    assert tile(leader, server, 14, x, y).content != tile(leader, server, 14, x, y, datum="gcj02/").content


def test_the_switch_and_tilejson_tell_of_it(with_roads, server, leader):
    listed = [b for b in leader.get(server.base + "/api/v1/basemaps").json()["items"] if b["type"] == "vector"]
    assert [(b["url"], b["crs"], b["max_zoom"]) for b in listed] == [("/tiles/basemap/{z}/{x}/{y}.mvt", "EPSG:3857", 14)] and "市测绘院 2025" in listed[0]["credit"]
    for datum in ("", "gcj02/"):
        said = leader.get(f"{server.base}/tiles/{datum}basemap.json").json()
        assert said["tiles"] == [f"{server.base}/tiles/{datum}basemap/{{z}}/{{x}}/{{y}}.mvt"] and "市测绘院 2025" in said["attribution"] and said["districts"] == []
        assert [v["id"] for v in said["vector_layers"]] == ["land", "water", "rail", "road", "place"]
        west, south, east, north = said["bounds"]
        assert west <= LON + 0.01 and south <= LAT and east >= LON + 0.19 and north >= LAT + 0.04


def test_the_same_again_changes_nothing_and_another_replaces_the_kind_alone(with_roads, office, server, leader):
    at = (14, *tile_of(14, LON + 0.01, LAT))
    first = imported(office, server, HEAD + ROADS, roads())
    before = tile(leader, server, *at)
    assert tile(leader, server, *at, **{"If-None-Match": before.headers["ETag"]}).status_code == 304
    again = imported(office, server, HEAD + ROADS, roads())
    assert [(t["added"], t["as_before"]) for t in again["tables"]] == [(0, 4)] and first["tables"][0]["suspects"]
    assert tile(leader, server, *at, **{"If-None-Match": before.headers["ETag"]}).status_code == 304, "nothing has changed"
    imported(office, server, HEAD + table("rail", columns='{ name = "name" }'), [feature(wavy(LON, LAT + 0.001, 0.2), name="京九铁路")])
    with_rail = tile(leader, server, *at, **{"If-None-Match": before.headers["ETag"]})
    assert with_rail.status_code == 200 and set(read(with_rail)) == {"rail", "road"}
    tried = imported(office, server, HEAD + ROADS, roads()[1:], status=200, dry_run="true")
    assert not tried["written"] and tried["tables"][0]["added"] == 3 and tile(leader, server, *at, **{"If-None-Match": with_rail.headers["ETag"]}).status_code == 304
    told = imported(office, server, HEAD + ROADS, [feature(wavy(LON + 0.1, LAT, 0.1), highway="trunk", name="G105")])
    assert "4" in told["tables"][0]["suspects"][0]
    left = read(tile(leader, server, *at, **{"If-None-Match": with_rail.headers["ETag"]}))
    assert set(left) == {"rail"}, "roads are others now, the railway is as it was"
    imported(office, server, HEAD + ROADS, roads())


def test_bad_rows_are_told_one_by_one_and_nothing_is_mended_silently(with_roads, office, server, leader):
    at = (14, *tile_of(14, LON + 0.01, LAT))
    before = tile(leader, server, *at).headers["ETag"]
    bow = {"type": "Polygon", "coordinates": [[[LON, LAT], [LON + 0.1, LAT + 0.1], [LON + 0.1, LAT], [LON, LAT + 0.1], [LON, LAT]]]}
    bad = [feature(Point(LON, LAT), highway="primary"), feature(wavy(LON, LAT, 0.1), highway="cycleway"), feature(None, highway="primary"), feature({"type": "LineString", "coordinates": [[LON, LAT], [LON, LAT]]}, highway="primary"),
           feature({"type": "LineString", "coordinates": [[LON, 84], [LON, 86]]}, highway="primary"), feature(box(LON, LAT, LON + 0.1, LAT + 0.1), highway=None)]
    told = imported(office, server, HEAD + ROADS, bad + [feature(wavy(LON, LAT + 0.03, 0.1), highway="trunk", name="好路")], status=200)
    assert not told["written"] and sorted((b["row"], b["column"]) for b in told["bad"]) == [(1, "geometry"), (2, "highway"), (3, "geometry"), (4, "geometry"), (5, "geometry"), (6, "geometry"), (6, "highway")]
    assert all(b["file"] == "shapes.geojson" and b["reason"] and b["reason_zh"] for b in told["bad"]) and "values.class" in next(b["reason"] for b in told["bad"] if b["row"] == 2)
    assert tile(leader, server, *at, **{"If-None-Match": before}).status_code == 304
    water = HEAD + table("water", columns='{ name = "name" }')
    crossed = imported(office, server, water, [feature(bow, name="结")], status=200)
    assert [(b["row"], b["column"]) for b in crossed["bad"]] == [(1, "geometry")] and "repair" in crossed["bad"][0]["reason"]
    assert imported(office, server, water, [feature(bow, name="结")], repair="true")["tables"][0]["repaired"] == 1, "only who asks has it mended"
    taken = imported(office, server, HEAD + ROADS, bad + [feature(wavy(LON, LAT + 0.03, 0.1), highway="trunk", name="好路")], skip_bad="true")
    assert taken["written"] and taken["tables"][0]["added"] == 1 and taken["bad_total"] == 7
    imported(office, server, HEAD + ROADS, roads())


def test_words_of_offices_are_translated_by_the_recipe(office, server, leader):
    recipe = '[basemap]\n' + table("road", columns='{ class = "等级", name = "路名" }', more='values.class = { "高速公路" = "motorway", "国道" = "trunk", "主干道" = "secondary", "1" = "primary", "*" = "residential" }\n')
    imported(office, server, recipe, [feature(wavy(LON + 1, LAT + 0.002 * i, 0.02), 等级=word, 路名=f"路{i}") for i, word in enumerate(["高速公路", "国道", "主干道", "1", "乡道"])])
    found = {f.tags["name"]: f.tags["class"] for f in read(tile(leader, server, 14, *tile_of(14, LON + 1.01, LAT + 0.004)))["road"]}
    assert found == {"路0": "motorway", "路1": "trunk", "路2": "secondary", "路3": "primary", "路4": "residential"}
    imported(office, server, recipe + 'where = { "等级" = "没有" }\n', [feature(wavy(LON + 1, LAT, 0.02), 等级="国道", 路名="路")])
    assert "road" not in read(tile(leader, server, 14, *tile_of(14, LON + 1.01, LAT + 0.004))), "a table that takes no row takes the roads of that owner away"


def test_who_has_a_district_imports_for_it_and_whoever_is_signed_in_looks(with_roads, office, server):
    other = make(server, "roads-chicago", "coordinator", district=server.district())
    assert send(other, server, {"recipe.toml": HEAD + ROADS, "shapes.geojson": layer(*roads())}).status_code == 403
    everywhere = send(other, server, {"recipe.toml": "[basemap]\n" + ROADS, "shapes.geojson": layer(*roads())})
    assert everywhere.status_code == 403 and "scheme" in everywhere.json()["detail"]
    here, there = Follower(server, other, topics="basemap", district=server.district()), Follower(server, office, topics="basemap", district=server.district("sim-990101"))
    own = send(other, server, {"recipe.toml": '[basemap]\nscheme = "chicago"\n' + ROADS, "shapes.geojson": layer(feature(wavy(-87.7, 41.8, 0.1), highway="motorway", name="I-90"))})
    assert own.status_code == 201, own.text
    assert [f.take(1)[0][1] for f in (here, there)] == ["basemap.import"] * 2, "whoever sees it is told"
    for f in (here, there):
        f.close()
    village = office.get(server.base + "/api/v1/cells", params={"within": "code:chicago:chicago", "level": "village", "limit": 1}).json()["items"][0]["id"]
    viewer = make(server, "roads-viewer", "viewer", cell=village, district=server.district())
    assert send(viewer, server, {"recipe.toml": HEAD + ROADS, "shapes.geojson": layer(*roads())}).status_code == 403
    at = (14, *tile_of(14, LON + 0.01, LAT))
    assert tile(viewer, server, *at).content == tile(office, server, *at).content != b""
    assert "I-90" in {f.tags.get("name") for f in read(tile(viewer, server, 13, *tile_of(13, -87.65, 41.8)))["road"]}
    assert requests.get(f"{server.base}/tiles/basemap/{at[0]}/{at[1]}/{at[2]}.mvt").status_code == 401
    only_accounts = server.session("admin")
    assert only_accounts.get(f"{server.base}/tiles/basemap/{at[0]}/{at[1]}/{at[2]}.mvt").status_code == 403


def test_an_import_is_in_the_trail(with_roads, server):
    auditor = make(server, "roads-auditor", "auditor")
    rows = auditor.get(server.base + "/api/v1/audit", params={"district": server.district("sim-990101"), "entity": "basemap"}).json()["items"]
    mine = [r for r in rows if r["actor"] == "coordinator"]  # the demo's own import is there too
    assert mine and mine[0]["action"] == "import" and "sha256" in json.dumps(mine[0]["after"]) and "roads.gpkg" in json.dumps(rows, ensure_ascii=False)


def test_a_recipe_that_is_wrong_is_told(office, server):
    for recipe, field in ((HEAD + ROADS.replace('"road"', '"town"'), "table[1].kind"), ('[district]\nscheme = "x"\nholds_from = 2020-01-01\n' + ROADS, "table[1].kind"), ("[district]\nscheme = \"x\"\n" + HEAD + ROADS, "district"),
                          (HEAD + "colour = 1\n" + ROADS, "basemap.colour"), (HEAD.replace("sim-990101", "nowhere") + ROADS, "basemap.scheme"), ('[basemap]\ncode = "1"\n' + ROADS, "basemap.scheme"),
                          (HEAD + '[[table]]\nkind = "road"\nfile = "shapes.geojson"\ncolumns = { name = "name" }\n', "table[1].columns.class")):
        answer = send(office, server, {"recipe.toml": recipe, "shapes.geojson": layer(*roads())})
        assert answer.status_code == 400 and field in {e["field"] for e in answer.json()["errors"]}, (recipe, answer.text)


def test_tiles_are_made_smaller_and_asked_rightly(with_roads, server, leader):
    x, y = tile_of(14, LON + 0.01, LAT)
    for encoding in ("zstd", "br", "gzip"):
        answer = leader.get(f"{server.base}/tiles/basemap/14/{x}/{y}.mvt", headers={"Accept-Encoding": encoding}, stream=True)
        assert answer.status_code == 200 and answer.headers.get("Content-Encoding", encoding) == encoding
    assert leader.get(f"{server.base}/tiles/basemap/3/8/0.mvt").status_code == 400
    assert tile(leader, server, 9, 0, 0).status_code == 204
