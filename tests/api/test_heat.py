"""Density surfaces over REST: recomputed in plain Python from the list of hazards, with pyproj's plane and shapely's border."""
import math

import pyproj
import pytest
import shapely
import shapely.geometry
import shapely.ops

from test_rights import make

YEAR = {"from": "2014-01-01", "to": "2015-01-01"}


@pytest.fixture(scope="module")
def leader(server):
    return server.session("leader")


def grid(session, server, status=200, **query):
    answer = session.get(server.base + "/heatmap/grid", params={"kind": "hazard", **({} if "open_at" in query else YEAR), **query})
    assert answer.status_code == status, answer.text
    return answer.json()


def pixels(heat):
    for row, values in enumerate(heat["values"]):
        for column, value in enumerate(values):
            x0, y1 = heat["origin"][0] + column * heat["spacing_m"], heat["origin"][1] - row * heat["spacing_m"]
            yield shapely.geometry.box(x0, y1 - heat["spacing_m"], x0 + heat["spacing_m"], y1), value


@pytest.fixture(scope="module")
def loop(server, leader):
    """The Loop of Chicago in the plane of its surface, and its hazards there: (region, [(x, y, major)], transformer)."""
    heat = grid(leader, server, cell="code:chicago:32", bandwidth=300)
    plane = pyproj.Transformer.from_crs("EPSG:4490", heat["crs"], always_xy=True)
    cell = leader.get(server.base + "/api/v1/cells/code:chicago:32", params={"format": "geojson", "at": "2014-12-31"}).json()
    degrees = shapely.geometry.shape(cell["geometry"])
    listed, after = [], None
    while True:
        page = leader.get(server.base + "/api/v1/hazards", params={"cell": "code:chicago:chicago", "limit": 1000, **YEAR, **({"after": after} if after else {})}).json()
        listed += page["items"]
        after = page["next"]
        if not after:
            break
    degrees = degrees.buffer(1e-7)  # GeoJSON has seven digits: what lies on the border must not fall out by their rounding
    inside = [i for i in listed if i["lon"] is not None and degrees.intersects(shapely.geometry.Point(i["lon"], i["lat"]))]
    return shapely.ops.transform(plane.transform, degrees), [(*plane.transform(i["lon"], i["lat"]), i["grade"] == "major") for i in inside]


def test_the_integral_is_the_count_and_the_area_is_the_cells(server, leader, loop):
    region, points = loop
    for spacing in (40, 75, 150):
        heat = grid(leader, server, cell="code:chicago:32", bandwidth=300, spacing=spacing)
        assert heat["count"] == len(points) > 50 and heat["edge_correction"] == "jones_diggle"
        assert abs(heat["integral"] - len(points)) < 1e-6 * len(points)
        assert abs(heat["area_km2"] - region.area / 1e6) < 0.002 * region.area / 1e6
        # Summed once more here, by the share of each pixel that shapely finds in the cell.
        mass = sum(value * pixel.intersection(region).area / 1e6 for pixel, value in pixels(heat) if value is not None)
        assert abs(mass - len(points)) < 0.005 * len(points)


def test_map_and_off_map_are_what_the_cell_has(server, leader):
    """Of a district all that is recorded there; of a town what is assigned to it and lies nowhere in it, counted from the list once more."""
    for scheme, root, year in (("chicago", "chicago", YEAR), ("sim-990101", "990101000000", {"from": "2024-01-01", "to": "2025-01-01"})):
        heat = grid(leader, server, cell=f"code:{scheme}:{root}", bandwidth=2000, spacing=2000, **year)
        told = leader.get(server.base + "/api/v1/figures", params={"within": f"code:{scheme}:{root}", "level": "district", "measures": "hazard_density", **year}).json()
        assert heat["count"] + heat["off_map"] == told["rows"][0]["figures"]["hazard_density"]["numerator"] + told["unplaced"]["figures"]["hazard_density"]["numerator"]
        contours = leader.get(server.base + "/heatmap/contours", params={"cell": f"code:{scheme}:{root}", "kind": "hazard", "bandwidth": 2000, **year}).json()
        part, = leader.get(server.base + "/heatmap.json", params={"cell": f"code:{scheme}:{root}", "kind": "hazard", "bandwidth": 2000, **year}).json()["parts"]
        assert {(a["count"], a["off_map"]) for a in (heat, contours, part)} == {(heat["count"], heat["off_map"])}
    off = 0
    for town in ("code:chicago:4", "code:chicago:36", "code:chicago:37"):
        land = shapely.geometry.shape(leader.get(server.base + f"/api/v1/cells/{town}", params={"format": "geojson", "at": "2014-12-31"}).json()["geometry"])
        listed = leader.get(server.base + "/api/v1/hazards", params={"cell": town, "limit": 1000, **YEAR}).json()
        assert listed["next"] is None
        # GeoJSON has seven digits: what lies within them of the border may be on either side.
        least, most = (sum(i["lon"] is None or not land.buffer(reach).intersects(shapely.geometry.Point(i["lon"], i["lat"])) for i in listed["items"]) for reach in (1e-7, -1e-7))
        said = grid(leader, server, cell=town, bandwidth=2000, spacing=2000)["off_map"]
        assert least <= said <= most, town
        off += said
    assert off > 0


def test_each_value_is_the_sum_of_kernels(server, leader, loop):
    """Events per km², at a tenth of the pixels, by the formula, where the border is too far to matter and where it is not."""
    region, points = loop
    h = 200
    heat = grid(leader, server, cell="code:chicago:32", bandwidth=h, spacing=20, edge_correction="none")
    top = max(v for row in heat["values"] for v in row if v is not None)
    for pixel, value in list(pixels(heat))[::17]:
        if value is None:
            continue
        x, y = pixel.centroid.coords[0]
        share = lambda at, p: math.erf((at + 10 - p) / h / math.sqrt(2)) - math.erf((at - 10 - p) / h / math.sqrt(2))  # noqa: E731
        expected = sum(share(x, px) * share(y, py) / 4 for px, py, _ in points) / 20 ** 2 * 1e6
        assert abs(value - expected) < 1e-5 * top
    uniform = grid(leader, server, cell="code:chicago:32", bandwidth=h, spacing=20, edge_correction="uniform")
    for (pixel, plain), (_, corrected) in list(zip(pixels(heat), pixels(uniform)))[::97]:
        if plain is None or plain == 0:
            continue
        x, y = pixel.centroid.coords[0]
        # The part of the kernel that is inside, by equal-mass rings and directions.
        places = [(x + h * math.sqrt(-2 * math.log(1 - (i + 0.5) / 40)) * math.cos(a), y + h * math.sqrt(-2 * math.log(1 - (i + 0.5) / 40)) * math.sin(a))
                  for i in range(40) for a in (2 * math.pi * (k + 0.5 * (i % 2)) / 90 for k in range(90))]
        part = shapely.contains_xy(region, *zip(*places)).mean() if hasattr(shapely, "contains_xy") else sum(region.contains(shapely.geometry.Point(p)) for p in places) / len(places)
        assert abs(plain / corrected - part) < 0.01, (x, y)


def test_pixels_are_null_outside_the_cell_only(server, leader, loop):
    region, _ = loop
    for pixel, value in pixels(grid(leader, server, cell="code:chicago:32", bandwidth=300)):
        share = pixel.intersection(region).area / pixel.area
        assert (value is not None) or share < 0.03
        assert value is None or share > 0


def test_weights_are_echoed_and_count(server, leader):
    period = {"from": "2024-01-01", "to": "2025-01-01", "cell": "code:sim-990101:990101000000", "bandwidth": 1000}
    plain, weighted = grid(leader, server, **period), grid(leader, server, **period, major_weight=10)
    major = grid(leader, server, **period, grade="major")
    assert plain["weight"] == plain["count"] == weighted["count"] > major["count"] > 0
    assert weighted["major_weight"] == 10 and weighted["weight"] == plain["count"] + 9 * major["count"] and abs(weighted["integral"] - weighted["weight"]) < 1e-6 * weighted["weight"]


def test_sources_are_kept_apart(server, leader):
    period = {"from": "2024-01-01", "to": "2025-01-01", "cell": "code:sim-990101:990101000000", "bandwidth": 1000}
    total = grid(leader, server, **period)["count"]
    assert sum(grid(leader, server, **period, source=s)["count"] for s in ("self_check", "patrol", "inspection", "public_report", "other")) == total
    kinds = {kind: grid(leader, server, **period, kind=kind)["count"] for kind in ("hazard", "inspection", "patrol", "accident")}
    assert kinds["hazard"] == total and len(set(kinds.values())) == 4
    assert grid(leader, server, cell="code:sim-990101:990101000000", open_at="2025-01-01", bandwidth=1000)["count"] > 0


def test_scotts_rule_and_refusals(server, leader, loop):
    _, points = loop
    heat = grid(leader, server, cell="code:chicago:32")
    n = len(points)
    deviation = [math.sqrt(sum((p[i] - sum(q[i] for q in points) / n) ** 2 for p in points) / (n - 1)) for i in (0, 1)]
    assert heat["bandwidth_rule"] == "scott" and abs(heat["bandwidth_m"] - math.sqrt(deviation[0] * deviation[1]) * n ** (-1 / 6)) < 1e-6 * heat["bandwidth_m"]
    assert "spacing" in grid(leader, server, 400, cell="code:chicago:chicago", bandwidth=10)["detail"]
    assert "Scott" in grid(leader, server, 422, cell="code:chicago:32", **{"from": "1990-01-01", "to": "1990-01-02"}, at="2014-01-01")["detail"]
    assert grid(leader, server, 400, cell="code:chicago:32", kind="patrol", grade="major")["errors"][0]["field"] == "grade"
    me = make(server, "tile-viewer", "viewer", district=server.district(), cell=leader.get(server.base + "/api/v1/cells/code:chicago:32").json()["id"])
    grid(me, server, cell="code:chicago:32", bandwidth=300)
    grid(me, server, 403, cell="code:chicago:33", bandwidth=300)
