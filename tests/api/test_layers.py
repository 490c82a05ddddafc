"""Layers of tiles that answer a question: who lies beside whom, risk, hot spots, key regions; and what a map of a day leaves out."""
import collections
import itertools

import pyproj
import pytest
import shapely.geometry
import shapely.ops

import mvt
from own_map import ROOT_CELL, SIM, box, leader, server  # noqa: F401
from test_rights import make
from test_tiles import describe, get, tile_of, tiles_in

YEAR = {"from": "2024-06-01", "to": "2025-06-01"}
LETTERS = {1: ("red", "R", "重大"), 2: ("orange", "O", "较大"), 3: ("yellow", "Y", "一般"), 4: ("blue", "B", "低")}


def whole_map(session, server, box, layer, zoom=9, **query):
    """Each feature of a layer by its id, from all tiles that touch the district."""
    return {f.id: f for x, y in tiles_in(box, zoom) for f in get(session, server, layer, zoom, x, y, **query) if f.id}


def left_out(session, server, layer, **query):
    """What a layer does not show of the simulated district; the samples beside it have rows of their own."""
    district = server.district(SIM)
    return [o for o in describe(session, server, layer, **query)["off_map"] if o["district"] == district]


def shapes_of(session, server, level):
    answer = session.get(server.base + "/api/v1/cells", params={"within": ROOT_CELL, "level": level, "limit": 1000, "format": "geojson"}).json()
    return {f["id"]: shapely.geometry.shape(f["geometry"]) for f in answer["features"] if f["geometry"]}


def shared_metres(a, b):
    """Geodesic metres of border that two shapes have in common, by shapely and pyproj."""
    common = a.boundary.intersection(b.boundary)
    lines = [g for g in getattr(common, "geoms", [common]) if g.geom_type == "LineString"]
    return sum(pyproj.Geod(ellps="GRS80").geometry_length(line) for line in lines)


@pytest.mark.parametrize("level", ["town", "village"])
def test_adjacency_has_each_border_once(server, leader, box, level):
    shapes = shapes_of(leader, server, level)
    expected = {(a, b): shared_metres(shapes[a], shapes[b]) for a, b in itertools.combinations(sorted(shapes), 2) if shapes[a].intersects(shapes[b])}
    found = collections.defaultdict(dict)
    for x, y in tiles_in(box, 10):
        for f in get(leader, server, "adjacency", 10, x, y, level=level):
            assert f.id is None and f.tags["a"] < f.tags["b"]
            found[f.tags["kind"]][f.tags["a"], f.tags["b"]] = f.tags
    assert set(found) == {"border", "link"} and set(found["border"]) <= set(found["link"])
    assert set(found["link"]) == {pair for pair, metres in expected.items() if metres >= 10}, "rook: at least 10 m"
    for pair, tags in found["link"].items():
        assert tags["shared_m"] == pytest.approx(expected[pair], rel=0.01, abs=5)
    queen = {(f.tags["a"], f.tags["b"]) for x, y in tiles_in(box, 10) for f in get(leader, server, "adjacency", 10, x, y, level=level, contiguity="queen") if f.tags["kind"] == "link"}
    assert set(found["link"]) < queen and queen == set(expected), "any contact, a corner too"


def test_a_border_is_drawn_as_both_its_cells_draw_it(server, leader, box):
    """The edges that two cells have in common in the villages' tile are those of their border, no more and no fewer."""
    def edges(points):
        return {frozenset(e) for e in zip(points, points[1:]) if all(0 < u < 4096 for p in e for u in p)}
    corners = [p for shape in shapes_of(leader, server, "village").values() for p in shape.geoms[0].exterior.coords if box[0] < p[0] < box[2] and box[1] < p[1] < box[3]]
    for zoom, least in ((10, 100), (13, 5), (16, 0), (18, 0)):
        drawn = 0
        for lon, lat in corners[::len(corners) // 12]:
            x, y = tile_of(zoom, lon, lat)
            rings = {f.id: set().union(*(edges(ring + ring[:1]) for polygon in f.polygons for ring in polygon)) for f in get(leader, server, "villages", zoom, x, y)}
            borders = {(f.tags["a"], f.tags["b"]): set().union(*(edges(points) for points, closed in f.parts)) for f in get(leader, server, "adjacency", zoom, x, y) if f.tags["kind"] == "border"}
            for a, b in itertools.combinations(sorted(rings), 2):
                assert rings[a] & rings[b] == borders.get((a, b), set()), (zoom, x, y, a, b)
                drawn += len(rings[a] & rings[b])
        assert drawn >= least, zoom


def test_a_link_goes_between_points_inside_both(server, leader, box):
    zoom, shapes = 12, shapes_of(leader, server, "village")
    x, y = tile_of(zoom, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    polygons = {f.id: shapely.ops.unary_union([shapely.geometry.Polygon(s, h) for s, *h in f.polygons]) for f in get(leader, server, "villages", zoom, x, y)}
    seen = 0
    for f in get(leader, server, "adjacency", zoom, x, y):
        (points, closed), *more = f.parts
        if f.tags["kind"] == "link" and all(0 < u < 4096 for p in points for u in p):
            assert len(points) == 2 and not more
            assert polygons[f.tags["a"]].buffer(5).contains(shapely.geometry.Point(points[0])) and polygons[f.tags["b"]].buffer(5).contains(shapely.geometry.Point(points[1]))
            seen += 1
    assert seen > 3 and shapes


def figures(session, server, level, **query):
    return session.get(server.base + "/api/v1/figures", params={"within": ROOT_CELL, "level": level, **query}).json()


@pytest.mark.parametrize("level", ["district", "town", "village"])
def test_risk_has_the_official_colours(server, leader, box, level):
    rows = {r["cell"]["id"]: r["figures"]["risk_highest"] for r in figures(leader, server, level, measures="risk_highest", **YEAR)["rows"]}
    seen = collections.Counter()
    for cell, f in whole_map(leader, server, box, "risk", level=level, **YEAR).items():
        figure, tags = rows[cell], f.tags
        assert tags["enterprises"] == figure["denominator"]
        if figure["value"] is None:
            assert tags["risk_reason"] == figure["reason"] and "risk" not in tags and "risk_colour" not in tags
            continue
        assert tags["risk"] == figure["value"] and (tags["risk_colour"], tags["risk_letter"], tags["risk_zh"]) == LETTERS[figure["value"]] and tags["risk_n"] == figure["numerator"]
        seen[tags["risk_letter"]] += 1
    assert seen and "hazard_density" not in {name for f in whole_map(leader, server, box, "risk", level=level, **YEAR).values() for name in f.tags}
    today = whole_map(leader, server, box, "risk", level=level)
    assert today and all("risk" in f.tags or f.tags["risk_reason"] for f in today.values()), "without a window that of today"


def test_enterprises_have_the_colour_of_their_grade(server, leader, box):
    listed = {i["id"]: i for i in leader.get(server.base + "/api/v1/enterprises", params={"cell": ROOT_CELL, "limit": 300}).json()["items"] if i["lon"] is not None}
    seen = set()
    for item in list(listed.values())[::20]:
        x, y = tile_of(15, item["lon"], item["lat"])
        tags = next(f.tags for f in get(leader, server, "enterprises", 15, x, y) if f.id == item["id"])
        assert tags.get("risk_colour") == item["risk_colour"]
        if item["risk_grade"]:
            assert (tags["risk_colour"], tags["risk_letter"], tags["risk_zh"]) == LETTERS[item["risk_grade"]]
            seen.add(tags["risk_letter"])
    assert len(seen) > 1


@pytest.mark.parametrize("statistic", ["gi_star", "moran_local"])
def test_hot_spots_are_those_of_their_resource(server, leader, box, statistic):
    """And not significant is told from no data."""
    kinds = collections.Counter()
    for measure, more in (("hazards_per_enterprise", {"fdr": 0.5, "source": "public_report", "rates": "raw"}), ("major_reinspection", {"contiguity": "queen"})):
        ask = {"measure": measure, "level": "village", "statistic": statistic, "permutations": 0, **more, **YEAR}
        rows = {r["cell"]["id"]: r for r in leader.get(server.base + "/api/v1/hotspots", params={**ask, "within": ROOT_CELL}).json()["rows"]}
        drawn = whole_map(leader, server, box, "hotspots", **ask)
        assert len(drawn) > 100
        for cell, f in drawn.items():
            row = rows[cell]
            assert f.tags["cluster"] == row[statistic]["cluster"]
            for name in ("z", "p", "q"):
                assert f.tags.get(name) == row[statistic][name]
            assert f.tags.get("no_data") == row["no_data"] and f.tags.get("looked_at") == row["value"] and f.tags[measure + "_n"] == row["figure"]["numerator"]
        kinds.update(f.tags["cluster"] for f in drawn.values())
        off, = left_out(leader, server, "hotspots", **ask)
        assert off["measure"] == "areas" and off["on_map"] == len(set(drawn) & set(rows)) and off["on_map"] + off["off_map"] == len(rows)
    assert min(kinds["not_significant"], kinds["no_data"], kinds["hot"] + kinds["HH"]) > 0, kinds


def test_key_regions_are_those_of_their_resource(server, leader, box):
    for level in ("town", "village"):
        ask = {"level": level, **YEAR}
        found = leader.get(server.base + "/api/v1/key-regions", params={**ask, "within": ROOT_CELL}).json()
        rows = {r["cell"]["id"]: ("ranked", r) for r in found["ranked"]} | {r["cell"]["id"]: ("insufficient", r) for r in found["insufficient"]}
        drawn = whole_map(leader, server, box, "key-regions", **ask)
        assert len(drawn) > 5
        for cell, f in drawn.items():
            which, row = rows[cell]
            assert f.tags["list"] == which and f.tags.get("rank") == row["rank"]
            if row["score"]:
                assert (f.tags["score"], f.tags["score_low"], f.tags["score_high"]) == (row["score"]["value"], row["score"]["low"], row["score"]["high"])
            if row["reasons"]:
                assert f.tags["reason_zh"] == row["reasons"][0]["zh"] and f.tags["about"] == row["reasons"][0]["about"]
        assert {f.tags["list"] for f in drawn.values()} == {"ranked", "insufficient"} or level == "town"


def test_who_sees_a_town_compares_within_it(server, leader, box):
    town = leader.get(server.base + "/api/v1/cells", params={"within": ROOT_CELL, "level": "town", "limit": 1}).json()["items"][0]
    me = make(server, "layer-viewer", "viewer", district=server.district(SIM), cell=town["id"])
    villages = {c["id"] for c in leader.get(server.base + "/api/v1/cells", params={"within": town["id"], "level": "village", "limit": 1000}).json()["items"]} & set(shapes_of(leader, server, "village"))
    ask = {"level": "village", "permutations": 99, **YEAR}
    mine = whole_map(me, server, box, "hotspots", measure="hazards_per_enterprise", **ask)
    rows = {r["cell"]["id"]: r for r in me.get(server.base + "/api/v1/hotspots", params={"within": town["id"], "measure": "hazards_per_enterprise", **ask}).json()["rows"]}
    assert set(mine) == villages and all(f.tags.get("z") == rows[c]["gi_star"]["z"] for c, f in mine.items())
    assert set(whole_map(me, server, box, "key-regions", level="village", **YEAR)) == set(whole_map(me, server, box, "risk", level="village")) == villages
    pairs = [f.tags for x, y in tiles_in(box, 10) for f in get(me, server, "adjacency", 10, x, y)]
    assert pairs and all({p["a"], p["b"]} <= villages for p in pairs)


def test_these_layers_follow_from_versions(server, leader, box):
    """A write makes new what it can change, and adjacency stays."""
    office = server.session("coordinator")
    x, y = tile_of(10, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    asked = {"adjacency": {}, "risk": YEAR, "hotspots": {"measure": "hazards_per_enterprise", "permutations": 99, **YEAR}, "key-regions": YEAR}
    url = lambda layer: server.base + f"/tiles/{layer}/10/{x}/{y}.mvt"  # noqa: E731
    before = {layer: leader.get(url(layer), params=query) for layer, query in asked.items()}
    made = office.post(server.base + "/api/v1/hazards", json={"id": "0a711e00-0000-4000-8000-000000000002", "district": server.district(SIM), "day": "2025-03-03", "source": "patrol", "grade": "major",
                                                              "lon": (box[0] + box[2]) / 2, "lat": (box[1] + box[3]) / 2})
    assert made.status_code == 201
    again = {layer: leader.get(url(layer), params=query, headers={"If-None-Match": before[layer].headers["ETag"]}) for layer, query in asked.items()}
    assert {layer: a.status_code for layer, a in again.items()} == {"adjacency": 304, "risk": 200, "hotspots": 200, "key-regions": 200}
    numerators = lambda answer: sum(f.tags["hazards_per_enterprise_n"] for f in mvt.read(answer.content)["hotspots"].features)  # noqa: E731
    assert numerators(again["hotspots"]) == numerators(before["hotspots"]) + 1


def test_a_map_of_a_day_and_what_is_off_it_are_the_district(server, leader, box):
    """With a cell that has no shape, villages merged away within the window, and an event that lies nowhere."""
    office, district = server.session("coordinator"), server.district(SIM)
    window = {"from": "2023-06-01", "to": "2024-06-01"}
    lost = office.post(server.base + "/api/v1/hazards", json={"id": "0a711e00-0000-4000-8000-000000000003", "district": district, "day": "2024-02-02", "source": "patrol", "grade": "general", "lon": box[0] - 1, "lat": box[1] - 1})
    assert lost.status_code == 201
    whole = figures(leader, server, "district", measures="all", **window)
    rows = figures(leader, server, "village", measures="all", **window)
    drawn = whole_map(leader, server, box, "villages", measures="all", **window)
    assert {r["cell"]["id"] for r in rows["rows"]} - set(drawn), "cells that the map of the last day has not"
    assert rows["unplaced"]["figures"]["hazard_density"]["numerator"] >= 1
    off = {o["measure"]: o for o in left_out(leader, server, "villages", measures="all", **window)}
    part = lambda measure: "denominator" if measure == "risk_highest" else "numerator"  # noqa: E731
    assert set(off) == set(whole["rows"][0]["figures"])
    for measure, sums in off.items():
        shown = sum(f.tags.get(measure + ("_d" if measure == "risk_highest" else "_n"), 0) for f in drawn.values())
        all_of_it = whole["rows"][0]["figures"][measure][part(measure)] + whole["unplaced"]["figures"][measure][part(measure)]
        assert sums["on_map"] == pytest.approx(shown), measure
        assert sums["on_map"] + sums["off_map"] == pytest.approx(all_of_it), measure
    assert off["hazard_density"]["off_map"] > rows["unplaced"]["figures"]["hazard_density"]["numerator"], "what lies in a cell that is not drawn, too"


def test_points_and_what_is_off_their_map_are_all_of_them(server, leader, box):
    office, district = server.session("coordinator"), server.district(SIM)
    window = {"from": "2023-06-01", "to": "2024-06-01"}
    for i, place in enumerate(({"lon": box[0] - 1, "lat": box[1] - 1}, {"cell_code": ROOT_CELL.rsplit(":", 1)[1]})):  # beyond the district; without a point
        made = office.post(server.base + "/api/v1/hazards", json={"id": f"0a711e00-0000-4000-8000-00000000001{i}", "district": district, "day": "2024-02-02", "source": "patrol", "grade": "general", **place})
        assert made.status_code == 201, made.text
    drawn = lambda layer, **query: sum(f.tags["n"] for f in get(leader, server, layer, 7, *tile_of(7, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2), **query))  # noqa: E731
    whole = figures(leader, server, "district", measures="hazard_density", **window)
    counted = whole["rows"][0]["figures"]["hazard_density"]["numerator"] + whole["unplaced"]["figures"]["hazard_density"]["numerator"]
    off, = left_out(leader, server, "hazards", **window)
    assert (off["measure"], off["on_map"], off["on_map"] + off["off_map"]) == ("hazards", drawn("hazards", **window), counted) and off["off_map"] >= 2
    day = {"at": "2024-05-31"}
    listed = leader.get(server.base + "/api/v1/enterprises", params={"cell": ROOT_CELL, "format": "csv", **day}).text.splitlines()[1:]
    off, = left_out(leader, server, "enterprises", **day)
    assert (off["measure"], off["on_map"], off["on_map"] + off["off_map"]) == ("enterprises", drawn("enterprises", **day), len(listed))


def test_what_a_layer_does_not_take_is_told(server, leader):
    for path, field in (("adjacency/3/1/1.mvt?from=2025-01-01&to=2025-02-01", "from"), ("adjacency/3/1/1.mvt?level=district", "level"), ("adjacency/3/1/1.mvt?contiguity=queen&min_shared_m=5", "min_shared_m"),
                        ("hotspots/3/1/1.mvt?measure=hazards_per_enterprise", "from"), ("hotspots/3/1/1.mvt?period=2025", "measure"), ("hotspots/3/1/1.mvt?period=2025&measure=risk_highest", "measure"),
                        ("key-regions/3/1/1.mvt", "from"), ("key-regions/3/1/1.mvt?period=2025&measure=hazard_density", "measure"), ("risk/3/1/1.mvt?mode=as_is", "from"), ("villages/3/1/1.mvt?level=town", "level"),
                        ("villages/3/1/1.mvt?grade=major", "grade"), ("risk/3/1/1.mvt?period=2025&grade=major", "grade")):
        answer = leader.get(server.base + "/tiles/" + path)
        fields = {e["field"] for e in answer.json().get("errors", [])} if answer.status_code == 400 else None
        assert fields and field in fields, (path, answer.text)
