"""The geometry cases of JTS (tests/data/awkward/jts-xml): which polygons are valid, and where a point falls, border included."""
import csv
import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from shapely import wkt

from harness import ROOT
from test_transfers import send

CASES = ROOT / "tests/data/awkward/jts-xml"
RECIPE = """
[district]
scheme = "{scheme}"
holds_from = 2020-01-01
[[table]]
kind = "district"
constants = {{ code = "jts" }}
[[table]]
kind = "village"
file = "villages.csv"
crs = "EPSG:4326"
columns = {{ code = "code" }}
constants = {{ parent = "jts" }}
"""
HAZARDS = """
[[table]]
kind = "hazard"
file = "points.csv"
crs = "EPSG:4326"
columns = { key = "key", day = "day", lon = "lon", lat = "lat" }
constants = { source = "patrol", grade = "general" }
"""


def cases(name):
    for case in ElementTree.parse(CASES / f"{name}.xml").getroot().iter("case"):
        yield (case.findtext("desc").strip(), " ".join(case.findtext("a").split()), " ".join((case.findtext("b") or "").split()),
               {op.get("name"): op.text.strip() == "true" for op in case.iter("op") if op.get("name") != "relate"})


def fitted(text, scale, east=0.0, north=0.0):
    """A WKT with its coordinates on the globe: a power of two as scale changes no digit of them."""
    numbers = iter(range(10**6))
    return re.sub(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", lambda m: repr(float(m[0]) * scale + (north if next(numbers) % 2 else east)), text)


def largest(text):
    return max((abs(float(n)) for n in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text)), default=1.0)


def table(names, rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("name, count", [("TestValid", 65), ("TestValid2", 253), ("TestInvalidA", 75)])
def test_polygons_are_valid_or_not_as_expected(server, name, count):
    known = [(desc, a, ops["isValid"]) for desc, a, _, ops in cases(name) if a.upper().startswith(("POLYGON", "MULTIPOLYGON")) and "EMPTY" not in a]
    assert len(known) == count
    rows = []
    for i, (_, a, _) in enumerate(known):
        scale = 1.0
        while largest(a) * scale > 64:
            scale /= 2
        rows.append((f"c{i}", fitted(a, scale)))
    files = {"recipe.toml": RECIPE.format(scheme="jts-" + name), "villages.csv": table(["code", "WKT"], rows)}
    report = send(server.session("coordinator"), server, files, dry_run="true").json()
    refused = {b["row"] - 1: b["reason"] for b in report["bad"]}
    wrong = [(known[i][0], known[i][2], refused.get(i)) for i in range(len(known)) if (i not in refused) != known[i][2]]
    assert wrong == []
    assert all(refused.values()) and len(refused) == sum(not valid for _, _, valid in known)


def test_points_fall_in_polygons_as_expected(server):
    """41 cases side by side, each polygon a village; a point on a border is inside, one in a hole is not."""
    villages, points, expected = [], [], {}
    for i, (_, a, b, ops) in enumerate(cases("TestRelatePA")):
        east, north = 100 + i / 2, 10.0
        villages.append((f"v{i}", fitted(b, 1 / 1024, east, north)))
        polygon, there = wkt.loads(villages[-1][1]), wkt.loads(fitted(a, 1 / 1024, east, north))
        parts = list(getattr(there, "geoms", [there]))
        points += [(f"{i}-{k}", "2024-01-01", repr(p.x), repr(p.y)) for k, p in enumerate(parts)]
        expected[f"v{i}"] = sum(polygon.intersects(p) for p in parts)
        assert (expected[f"v{i}"] > 0) == ops["intersects"]
    files = {"recipe.toml": RECIPE.format(scheme="jts-points") + HAZARDS, "villages.csv": table(["code", "WKT"], villages), "points.csv": table(["key", "day", "lon", "lat"], points)}
    me = server.session("coordinator")
    done = send(me, server, files)
    assert done.status_code == 201, done.text
    answer = me.get(server.base + "/api/v1/figures", params={"within": "code:jts-points:jts", "level": "village", "from": "2024-01-01", "to": "2024-01-02", "measures": "hazard_density"}).json()
    assert {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in answer["rows"]} == expected
    for key, _, lon, lat in points:
        chain = me.get(server.base + "/api/v1/locate", params={"lon": lon, "lat": lat, "at": "2024-01-01"}).json()["chain"]
        inside = wkt.loads(dict(villages)["v" + key.split("-")[0]]).intersects(wkt.loads(f"POINT({lon} {lat})"))
        assert [c["cell"]["code"] for c in chain][:1] == (["v" + key.split("-")[0]] if inside else []), key
