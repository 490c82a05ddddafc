"""Validation of the hierarchy against shapely's GEOS, run independently on the same file, and pyproj's geodesics; what is planted is found."""
import collections
import json
import subprocess

import pyproj
import pytest
from shapely import wkt
from shapely.geometry import Point, shape
from shapely.ops import unary_union
from shapely.strtree import STRtree

from harness import BINARY, ROOT
from test_transfers import send

GRS80 = pyproj.Geod(ellps="GRS80")
CHICAGO = "code:chicago:chicago"


def area(geometry):
    return abs(GRS80.geometry_area_perimeter(geometry)[0])


def parts(geometry):
    if geometry.geom_type == "Polygon":
        return [] if geometry.is_empty else [geometry]
    return [p for g in getattr(geometry, "geoms", []) for p in parts(g)]


def findings(session, server, within=CHICAGO, **asked):
    """All of them, page by page."""
    items, target = [], None
    while True:
        answer = session.get(server.base + (target or "/api/v1/findings"), params=None if target else {"within": within, "limit": 1000, **asked})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        items += body["items"]
        if body["next"] is None:
            assert collections.Counter(f["kind"] for f in items) == body["counts"]
            return items
        target = answer.links["next"]["url"]


def features(session, server, within=CHICAGO, **asked):
    out, target = [], None
    while True:
        answer = session.get(server.base + (target or "/api/v1/findings"), params=None if target else {"within": within, "limit": 1000, "format": "geojson", **asked})
        assert answer.status_code == 200, answer.text
        out += answer.json()["features"]
        if answer.json()["next"] is None:
            return out
        target = answer.links["next"]["url"]


def layer(name):
    out = subprocess.run(["/usr/bin/ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", ROOT / "geodata/chicago/boundaries.gpkg", name, "-lco", "COORDINATE_PRECISION=17"],
                         capture_output=True, text=True, check=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


@pytest.fixture(scope="module")
def city():
    areas = {str(f["properties"]["code"]): shape(f["geometry"]) for f in layer("community_area")}
    tracts = {str(f["properties"]["code"]): (shape(f["geometry"]), str(f["properties"]["parent"])) for f in layer("tract")}
    return areas, tracts


def test_tracts_outside_their_community_area_are_those_of_shapely(server, city):
    areas, tracts = city
    expected = {}
    for code, (tract, parent) in tracts.items():
        outside = sum(area(p) for p in parts(tract.difference(areas[parent])))
        if outside > 1:
            expected[code] = outside
    assert len(expected) == 592  # the baseline
    found = findings(server.session("leader"), server, kind="outside_parent")
    assert {f["cell"]["code"]: f["others"][0]["code"] for f in found} == {code: tracts[code][1] for code in expected}
    for f in found:
        assert f["area_m2"] == pytest.approx(expected[f["cell"]["code"]], rel=1e-6, abs=1e-6)


def test_gaps_and_overlaps_are_those_of_shapely(server, city):
    areas, tracts = city
    below = collections.defaultdict(list)
    for tract, parent in tracts.values():
        below[parent].append(tract)
    expected = {code: parts(whole.difference(unary_union(below[code]))) for code, whole in areas.items()}
    found = collections.defaultdict(list)
    for feature in features(server.session("leader"), server, kind="gap,overlap"):
        properties, ground = feature["properties"], shape(feature["geometry"])
        assert properties["kind"] == "gap"  # no two tracts overlap
        assert properties["area_m2"] == pytest.approx(sum(area(p) for p in ground.geoms), rel=1e-6)
        assert ground.buffer(1e-9).contains(Point(properties["lon"], properties["lat"]))
        assert properties["sliver"] or len(ground.geoms) == 1
        found[properties["cell"]["code"]] += list(ground.geoms)
        if not properties["sliver"]:
            assert properties["area_m2"] >= 0.5 and properties["width_m"] >= 0.3
    for code, pieces in expected.items():
        total = sum(area(p) for p in pieces)
        missing = total - sum(area(p) for p in found[code])
        assert 0 <= missing + 1e-6 < 0.5, code  # slivers that sum to less are let pass
        if found[code]:
            tree = STRtree(found[code])
            for piece in pieces:
                if area(piece) > 0.5:
                    best = min(abs(area(q) - area(piece)) for q in tree.query(piece))
                    assert best < 1e-6 * area(piece) + 1e-6
    geoms = [g for g, _ in tracts.values()]
    assert all(area(a.intersection(b)) < 1e-3 for a in geoms[:50] for b in STRtree(geoms).query(a) if a is not b)


def test_widths_are_those_of_postgis(server):
    wide = [f for f in features(server.session("leader"), server, kind="gap") if f["properties"]["width_m"] > 2 and not f["properties"]["sliver"]][:40]
    assert len(wide) == 40
    for f in wide:
        p, zone = f["properties"], 26900 + 16
        sql = (f"select 2 * radius, 2 * ST_Distance(ST_Boundary(g), ST_Transform(ST_SetSRID(ST_MakePoint({p['lon']!r}, {p['lat']!r}), 4326), {zone})), greatest(ST_XMax(g) - ST_XMin(g), ST_YMax(g) - ST_YMin(g)) "
               f"from (select ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON('{json.dumps(f['geometry'])}'), 4326), {zone}) g) s cross join ST_MaximumInscribedCircle(g)")
        out = subprocess.run(["psql", "-At", "-F", " ", server.database, "-c", sql], capture_output=True, text=True)
        assert out.returncode == 0, out.stderr
        theirs, ours, extent = map(float, out.stdout.split())
        assert p["width_m"] == pytest.approx(ours, rel=0.002)  # the circle lies in the polygon and touches it; UTM's scale is 0.9996 at the middle
        assert theirs * 0.998 <= p["width_m"] <= theirs + 2.1 * extent / 1000  # PostGIS stops within a thousandth of the extent


def test_rights_and_pages(server):
    leader = server.session("leader")
    ask = lambda **p: leader.get(server.base + "/api/v1/findings", params=p)  # noqa: E731
    town = findings(leader, server, within="code:chicago:32")
    assert 0 < len(town) < len(findings(leader, server))
    assert ask(within="code:chicago:999").status_code == 404
    assert ask(within=CHICAGO, at="1999-12-31").status_code in (404, 422)
    assert {f["severity"] for f in findings(leader, server, severity="note")} == {"note"}
    sheet = ask(within="code:chicago:32", format="csv")
    assert sheet.status_code == 200 and len(sheet.text.splitlines()) == len(town) + 1


RECIPE = """
[district]
scheme = "{scheme}"
holds_from = 2020-01-01
[[table]]
kind = "district"
constants = {{ code = "d", name = "district" }}
[[table]]
kind = "town"
file = "towns.csv"
crs = "EPSG:4326"
columns = {{ code = "code", name = "code" }}
constants = {{ parent = "d" }}
[[table]]
kind = "village"
file = "villages.csv"
crs = "EPSG:4326"
columns = {{ code = "code", name = "code", parent = "parent" }}
[[table]]
kind = "enterprise"
file = "enterprises.csv"
crs = "EPSG:4326"
columns = {{ code = "code", name = "code", parent = "parent", lon = "lon", lat = "lat" }}
"""
BOX = "POLYGON(({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))"


def test_what_is_planted_is_told_with_its_repair(server):
    """Two towns side by side; a village lies in the wrong town, another in two parts, a third has a vertex of its own; enterprises lie elsewhere and nowhere."""
    towns = [("t1", BOX.format(117, 36, 117.02, 36.01)), ("t2", BOX.format(117.02, 36, 117.03, 36.01))]
    villages = [("v1", BOX.format(117, 36, 117.01, 36.01), "t1"), ("v2", BOX.format(117.01, 36, 117.02, 36.01), "t2"),
                ("v3", "POLYGON((117.02 36,117.03 36,117.03 36.01,117.02 36.01,117.02 36.004,117.02 36))", "t2")]
    enterprises = [("e1", "v1", "117.015", "36.005"), ("e2", "v1", "117.5", "36.5"), ("e3", "v1", "117.005", "36.005")]
    row = lambda values: ",".join(f'"{v}"' for v in values)  # noqa: E731
    files = {"recipe.toml": RECIPE.format(scheme="planted"),
             "towns.csv": "\n".join(["code,WKT", *map(row, towns)]).encode(), "villages.csv": "\n".join(["code,WKT,parent", *map(row, villages)]).encode(),
             "enterprises.csv": "\n".join(["code,parent,lon,lat", *map(row, enterprises)]).encode()}
    me = server.session("coordinator")
    done = send(me, server, files)
    assert done.status_code == 201, done.text
    found = {(f["kind"], f["cell"]["code"]): f for f in findings(me, server, within="code:planted:d") if f["kind"] != "vacant_post"}
    id_of = lambda code: me.get(server.base + f"/api/v1/cells/code:planted:{code}").json()["id"]  # noqa: E731
    assert set(found) == {("gap", "t1"), ("outside_parent", "v2"), ("edge_mismatch", "v2"), ("enterprise_elsewhere", "e1"), ("enterprise_outside", "e2")}
    gap = found["gap", "t1"]
    assert gap["severity"] == "warning" and [o["code"] for o in gap["others"]] == ["v2"]
    assert gap["area_m2"] == pytest.approx(area(wkt.loads(villages[1][1])), rel=1e-9)
    assert found["outside_parent", "v2"]["repair"] == [{"kind": "move_cell", "cell": str(id_of("v2")), "parent": str(id_of("t1"))}]
    assert found["enterprise_elsewhere", "e1"]["repair"] == [{"kind": "move_enterprise", "cell": str(found["enterprise_elsewhere", "e1"]["cell"]["id"]), "parent": str(id_of("v2")), "cause": "data_wrong"}]
    assert "e1" in found["enterprise_elsewhere", "e1"]["message"]["en"] and "e1" in found["enterprise_elsewhere", "e1"]["message"]["zh"]


def test_posts_and_certificates_of_a_made_up_district(server):
    """示范区 has vacancies and certificates that end, by design: the same as the register tells."""
    me = server.session("coordinator")
    within = next(d for d in me.get(server.base + "/api/v1/districts").json()["items"] if d["synthetic"])
    found = findings(me, server, within=str(within["cell"]))
    vacant = {(f["cell"]["id"], f["post"]) for f in found if f["kind"] == "vacant_post" and f["level"] != "enterprise"}
    held, after = set(), 0
    while after is not None:
        page = me.get(server.base + "/api/v1/assignments", params={"district": within["id"], "at": within["today"], "limit": 1000, "after": after}).json()
        held |= {(a["cell"], a["post"]) for a in page["items"]}
        after = page["next"]
    posts = [p for p in me.get(server.base + "/api/v1/posts").json()["items"] if p["required"] and p["level"] != "enterprise"]
    expected = set()
    for post in posts:
        cells, after = [], 0
        while True:
            page = me.get(server.base + "/api/v1/cells", params={"within": within["cell"], "level": post["level"], "limit": 1000, "after": after}).json() if post["level"] != "district" else {"items": [{"id": within["cell"]}], "next": None}
            cells += page["items"]
            if page["next"] is None:
                break
            after = page["next"]
        expected |= {(c["id"], post["code"]) for c in cells} - held
    assert vacant == expected and expected


def test_check_map(server):
    out = subprocess.run([BINARY, "check", "map", "--database", server.database], capture_output=True, text=True)
    assert out.returncode == 1, out.stderr  # there are errors
    chicago = next(line for line in out.stdout.splitlines() if "(chicago)" in line)
    assert "592 outside_parent" in chicago
