"""Gaps and overlaps are mended by the operations that are proposed: put into a plan as they are, they solve the finding and make no other."""
import os
import random

import pytest
from shapely.geometry import Point, Polygon, box
from shapely.ops import linemerge, unary_union
from shapely.wkt import dumps

from test_findings import area, findings, parts
from test_transfers import send

RECIPE = """
[district]
scheme = "SCHEME"
holds_from = 2020-01-01
[[table]]
kind = "district"
file = "district.csv"
crs = "EPSG:4490"
columns = { code = "code", name = "code" }
[[table]]
kind = "town"
file = "town.csv"
crs = "EPSG:4490"
columns = { code = "code", name = "code" }
constants = { parent = "D" }
[[table]]
kind = "village"
file = "village.csv"
crs = "EPSG:4490"
columns = { code = "code", name = "code", parent = "parent" }
"""
SIDE = 0.01  # degrees of a village


def villages(rng, west, south=31.0, columns=4, rows=2):
    """Villages in a grid whose borders wind, with the same vertices on both sides; the first two columns are one town, the others another."""
    node = {(x, y): (west + SIDE * (x + rng.uniform(-0.1, 0.1)), south + SIDE * (y + rng.uniform(-0.1, 0.1))) for x in range(columns + 1) for y in range(rows + 1)}

    def way(a, b):
        (x1, y1), (x2, y2) = node[a], node[b]
        level = abs(x2 - x1) > abs(y2 - y1)
        bend = lambda across: rng.uniform(-0.03, 0.03) * SIDE if across else 0  # noqa: E731
        return [(x1, y1), *[(x1 + t / 6 * (x2 - x1) + bend(not level), y1 + t / 6 * (y2 - y1) + bend(level)) for t in range(1, 6)], (x2, y2)]

    ways = {}
    for x, y in node:
        for to in ((x + 1, y), (x, y + 1)):
            if to in node:
                ways[(x, y), to] = way((x, y), to)
                ways[to, (x, y)] = ways[(x, y), to][::-1]
    out = {}
    for x in range(columns):
        for y in range(rows):
            corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
            out[f"V{x // 2}{2 * (x % 2) + y}"] = Polygon([p for a, b in zip(corners, corners[1:]) for p in ways[a, b][:-1]])
            assert out[f"V{x // 2}{2 * (x % 2) + y}"].is_valid
    return out


def border(a, b):
    """The longest stretch that two shapes have in common."""
    merged = linemerge(a.boundary.intersection(b.boundary))
    return max(getattr(merged, "geoms", [merged]), key=lambda line: line.length)


def spot(rng, line, half=3e-4):
    """A box around a point of a line, away from its ends."""
    at = line.interpolate(rng.uniform(0.3, 0.7), normalized=True)
    return box(at.x - half, at.y - half, at.x + half, at.y + half)


def planted(rng, west):
    """A district with one misfit of each sort."""
    v = villages(rng, west)
    was = dict(v)
    town = {t: unary_union([g for c, g in v.items() if c[1] == t]) for t in "01"}
    district = unary_union(list(town.values()))
    common = lambda a, b, half=3e-4: spot(rng, border(was[a], was[b]), half)  # noqa: E731
    v["V00"] = v["V00"].difference(common("V00", "V01"))  # a gap between two
    v["V03"] = v["V03"].difference(Point(was["V03"].representative_point()).buffer(rng.uniform(1e-5, 1e-4), 3))  # a hole in one
    v["V02"] = v["V02"].union(common("V02", "V03"))  # two of one town overlap
    v["V02"] = v["V02"].union(common("V02", "V10"))  # over the border of the towns
    v["V13"] = v["V13"].difference(spot(rng, border(was["V13"], district)))  # at the edge of the district
    v["V11"] = max(parts(v["V11"].difference(border(was["V11"], was["V13"]).buffer(1e-6))), key=area)  # slivers
    between = common("V03", "V11")
    town["0"], v["V03"] = town["0"].difference(between), v["V03"].difference(between)  # of no town
    town["0"] = town["0"].union(common("V02", "V10", 1e-4))  # of two
    return district, town, v


@pytest.fixture(scope="module", params=range(int(os.environ.get("TEST_SEEDS", 2))))
def broken(server, request):
    district, town, v = planted(random.Random(request.param), 124 + request.param)
    scheme, me = f"repairs{request.param}", server.session("coordinator")
    rows = lambda head, items: "\n".join([head, *(",".join(f'"{x}"' for x in item) for item in items)]).encode()  # noqa: E731
    done = send(me, server, {"recipe.toml": RECIPE.replace("SCHEME", scheme), "district.csv": rows("code,WKT", [("D", dumps(district))]), "town.csv": rows("code,WKT", [(f"T{t}", dumps(g)) for t, g in town.items()]),
                             "village.csv": rows("code,WKT,parent", [(c, dumps(g), f"T{c[1]}") for c, g in v.items()])})
    assert done.status_code == 201, done.text
    return me, scheme, district


def mend(server, me, scheme, finding):
    """Puts the repair of a finding into a plan, which is validated and applied. What the plan was said to make of the findings."""
    district = next(d for d in me.get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == scheme)
    draft = me.post(server.base + "/api/v1/reassignments", json={"district": district["id"], "title": "修复", "reason": finding["message"]["zh"], "effective_on": district["today"], "operations": finding["repair"]})
    assert draft.status_code == 201, draft.text
    url = server.base + f"/api/v1/reassignments/{draft.json()['id']}"
    told = me.post(url + "/validate").json()["findings"]
    for who, step in ((server.session("approver"), "approve"), (me, "apply")):
        answer = who.post(f"{url}/{step}", json={} if step == "approve" else None, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
    return told


def test_each_repair_solves_its_finding_and_makes_no_other(server, broken):
    me, scheme, district = broken
    told = lambda: {f["id"]: f for f in findings(me, server, within=f"code:{scheme}:D")}  # noqa: E731
    now, mended = told(), set()
    while todo := [f for f in now.values() if f["kind"] in ("gap", "overlap")]:
        f = todo[0]
        changed = mend(server, me, scheme, f)
        solved = {s["id"] for s in changed["solved"]}
        assert changed["new"] == [] and f["id"] in solved, (f, changed["new"])
        after = told()
        assert set(after) == set(now) - solved
        now = after
        mended.add((f["kind"], f["level"], f["sliver"]))
    assert mended >= {("gap", "district", False), ("gap", "town", False), ("gap", "town", True), ("overlap", "village", False), ("overlap", "town", False)}
    assert not [f for f in now.values() if f["kind"] in ("outside_parent", "exclave", "invalid_shape")]
    cells = me.get(server.base + "/api/v1/cells", params={"within": f"code:{scheme}:D", "level": "village", "limit": 100}).json()["items"]
    assert sum(c["area_km2"] for c in cells) == pytest.approx(area(district) / 1e6, rel=1e-6)


def test_what_lies_outside_its_town_and_what_lies_apart_from_it_are_mended(server):
    rng, scheme, me = random.Random(5), "repairs-outside", server.session("coordinator")
    v = villages(rng, 140)
    town = {t: unary_union([g for c, g in v.items() if c[1] == t]) for t in "01"}
    place = spot(rng, border(v["V02"], v["V10"])).intersection(v["V02"])
    town["0"], town["1"] = town["0"].difference(place), town["1"].union(place)  # ground of V02, in T0, lies in T1
    rows = lambda head, items: "\n".join([head, *(",".join(f'"{x}"' for x in item) for item in items)]).encode()  # noqa: E731
    done = send(me, server, {"recipe.toml": RECIPE.replace("SCHEME", scheme), "district.csv": rows("code,WKT", [("D", dumps(unary_union(list(town.values()))))]), "town.csv": rows("code,WKT", [(f"T{t}", dumps(g)) for t, g in town.items()]),
                             "village.csv": rows("code,WKT,parent", [(c, dumps(g), f"T{c[1]}") for c, g in v.items()])})
    assert done.status_code == 201, done.text
    told = lambda: {f["id"]: f for f in findings(me, server, within=f"code:{scheme}:D")}  # noqa: E731
    found = next(f for f in told().values() if f["kind"] == "outside_parent")
    assert found["cell"]["code"] == "V02" and [o["kind"] for o in found["repair"]] == ["boundary"]
    changed = mend(server, me, scheme, found)
    assert changed["new"] == [] and found["id"] in {s["id"] for s in changed["solved"]}
    assert not [f for f in told().values() if f["kind"] in ("outside_parent", "gap", "overlap", "exclave")]
    # A village at the far side of the other town is given to this one: it lies apart, until it is given back.
    cells = {c["code"]: c for level in ("town", "village") for c in me.get(server.base + "/api/v1/cells", params={"within": f"code:{scheme}:D", "level": level, "limit": 100}).json()["items"]}
    mend(server, me, scheme, {"message": {"zh": "划错"}, "repair": [{"kind": "move_cell", "cell": str(cells["V13"]["id"]), "parent": str(cells["T0"]["id"])}]})
    exclave = next(f for f in told().values() if f["kind"] == "exclave")
    assert exclave["cell"]["code"] == "T0" and exclave["repair"] == [{"kind": "move_cell", "cell": str(cells["V13"]["id"]), "parent": str(cells["T1"]["id"])}]
    changed = mend(server, me, scheme, exclave)
    assert exclave["id"] in {s["id"] for s in changed["solved"]}
    assert not [f for f in told().values() if f["kind"] in ("outside_parent", "gap", "overlap", "exclave")]


def test_borders_that_do_not_match_get_the_corners_of_each_other(server):
    scheme, me = "repairs-corners", server.session("coordinator")
    whole = box(151, 31, 151.02, 31.01)
    one = Polygon([(151, 31), (151.01, 31), (151.01, 31.002), (151.01, 31.01), (151, 31.01)])  # one of its corners the other has not
    two = Polygon([(151.01, 31), (151.02, 31), (151.02, 31.01), (151.01, 31.01), (151.01, 31.008), (151.01 + 4e-9, 31.005)])  # two of them the first has not, one by half a millimetre
    rows = lambda head, items: "\n".join([head, *(",".join(f'"{x}"' for x in item) for item in items)]).encode()  # noqa: E731
    done = send(me, server, {"recipe.toml": RECIPE.replace("SCHEME", scheme), "district.csv": rows("code,WKT", [("D", dumps(whole))]), "town.csv": rows("code,WKT", [("T", dumps(whole))]),
                             "village.csv": rows("code,WKT,parent", [("A", dumps(one, rounding_precision=12), "T"), ("B", dumps(two, rounding_precision=12), "T")])})
    assert done.status_code == 201, done.text
    told = lambda: [f for f in findings(me, server, within=f"code:{scheme}:D") if f["kind"] in ("edge_mismatch", "gap", "overlap", "outside_parent", "invalid_shape")]  # noqa: E731
    areas = lambda: [c["area_km2"] for c in me.get(server.base + "/api/v1/cells", params={"within": f"code:{scheme}:D", "level": "village", "limit": 9}).json()["items"]]  # noqa: E731
    before, (found,) = areas(), told()
    assert found["kind"] == "edge_mismatch" and found["count"] == 3 and [o["kind"] for o in found["repair"]] == ["boundary", "boundary"]
    changed = mend(server, me, scheme, found)
    assert changed["new"] == [] and {s["id"] for s in changed["solved"]} == {found["id"]}
    assert told() == [] and areas() == pytest.approx(before, abs=1e-6)  # km2: a border of a kilometre has moved by half a millimetre at most
    vertices = [sum(len(r) - 1 for polygon in me.get(server.base + f"/api/v1/cells/code:{scheme}:{c}", params={"format": "geojson"}).json()["geometry"]["coordinates"] for r in polygon) for c in "AB"]
    assert vertices == [7, 7]
