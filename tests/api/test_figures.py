"""Figures of Chicago against a count made with GEOS (shapely) from the files themselves."""
import collections
import csv
import gzip
import json
import subprocess

import pytest
import requests
from shapely.geometry import Point, shape
from shapely.prepared import prep

from harness import ROOT

DATA = ROOT / "geodata" / "chicago"
YEAR = {"within": "code:chicago:chicago", "from": "2014-01-01", "to": "2015-01-01"}


@pytest.fixture(scope="module")
def expected():
    """Hazards of 2014 by tract and community area, by the attribution rule: deepest cell, lowest code on a border."""
    def layer(name):
        out = subprocess.run(["/usr/bin/ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", DATA / "boundaries.gpkg", name, "-lco", "COORDINATE_PRECISION=17"],
                             capture_output=True, text=True, check=True).stdout
        return [json.loads(line) for line in out.splitlines()]
    cells = []
    parent = {}
    for name in ("tract", "community_area"):
        rows = sorted(layer(name), key=lambda f: str(f["properties"]["code"]).encode())
        for f in rows:
            g = shape(f["geometry"])
            cells.append((str(f["properties"]["code"]), g.bounds, prep(g)))
            if name == "tract":
                parent[str(f["properties"]["code"])] = str(f["properties"]["parent"])
    village, town, seen, total = collections.Counter(), collections.Counter(), set(), 0
    for row in csv.DictReader(gzip.open(DATA / "hazards.csv.gz", "rt")):
        if row["request_no"] in seen:
            continue
        seen.add(row["request_no"])
        if not row["created"].startswith("2014"):
            continue
        total += 1
        if not row["longitude"]:
            continue
        x, y = float(row["longitude"]), float(row["latitude"])
        for code, (a, b, c, d), g in cells:
            if a <= x <= c and b <= y <= d and g.intersects(Point(x, y)):
                if code in parent:
                    village[code] += 1
                town[parent.get(code, code)] += 1
                break
    return village, town, total


def counts(answer):
    return {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in answer["rows"]}


@pytest.mark.parametrize("mode", ["as_was", "as_is"])
def test_counts_per_area_equal_an_independent_count(server, expected, mode):
    village, town, total = expected
    leader = server.session("leader")
    for level, right in (("village", village), ("town", town)):
        answer = leader.get(server.base + "/api/v1/figures", params={**YEAR, "level": level, "mode": mode}).json()
        assert {k: v for k, v in counts(answer).items() if v} == dict(right)
        listed = sum(counts(answer).values()) + sum(r["figures"]["hazard_density"]["numerator"] for r in answer["direct"])
        assert listed + answer["unplaced"]["figures"]["hazard_density"]["numerator"] == total


def test_a_figure_explains_itself_and_its_records_are_its_numerator(server):
    leader = server.session("leader")
    answer = leader.get(server.base + "/api/v1/figures", params={**YEAR, "level": "town"}).json()
    loop = next(r for r in answer["rows"] if r["cell"]["code"] == "32")["figures"]
    density = loop["hazard_density"]
    assert density["value"] == pytest.approx(density["numerator"] / density["denominator"])
    assert density["low"] < density["value"] < density["high"]
    assert density["denominator"] == pytest.approx(4.3046, abs=5e-4)
    records = leader.get(server.base + density["records"] + "&limit=1000").json()["items"]
    assert len(records) == density["numerator"]
    opened = loop["open_hazard_density"]
    assert len(leader.get(server.base + opened["records"] + "&limit=1000").json()["items"]) == opened["numerator"]
    for row in answer["rows"]:
        coverage = row["figures"]["inspection_coverage"]
        assert (coverage["value"] is None and coverage["reason"] == "no_denominator") or 0 <= coverage["value"] <= 1


def test_a_write_is_seen_at_once_and_counted_once(server):
    officer = server.session("officer")
    ask = {"within": "code:chicago:chicago", "level": "district", "from": "2016-01-01", "to": "2017-01-01", "measures": "hazard_density"}
    url = server.base + "/api/v1/figures"
    before = officer.get(url, params=ask)
    assert officer.get(url, params=ask, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    hazard = {"id": "6b1f7b1e-35cb-4a3a-9a0e-2f8d7f0a5c11", "district": server.district(), "day": "2016-03-01", "source": "patrol",
              "grade": "major", "lon": -87.63, "lat": 41.88}
    assert officer.post(server.base + "/api/v1/hazards", json=hazard).status_code == 201
    assert officer.post(server.base + "/api/v1/hazards", json=hazard).status_code == 409
    after = officer.get(url, params=ask, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert counts(after.json())["chicago"] == counts(before.json())["chicago"] + 1


def test_others_hear_of_a_write_soon_after_it(server):
    """An event does not notify in its transaction; the server tells the others, once for many."""
    officer = server.session("officer")
    listener = subprocess.Popen(["psql", "-XAtq", server.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    try:
        listener.stdin.write("listen gridward_version;\nselect pg_sleep(0.5);\n")
        listener.stdout.readline()
        for n in range(5):
            hazard = {"id": f"6b1f7b1e-35cb-4a3a-9a0e-2f8d7f0a5d{n:02}", "district": server.district(), "day": "2016-03-01", "source": "patrol", "grade": "general"}
            assert officer.post(server.base + "/api/v1/hazards", json=hazard).status_code == 201
        said, _ = listener.communicate("select pg_sleep(1);\nselect 1;\n", timeout=30)
    finally:
        listener.kill()
    assert 'Asynchronous notification "gridward_version"' in said


def test_what_comes_before_the_first_month_and_after_the_last_is_folded(server):
    """Toronto's hazards begin and end within the tally; these are of before, of after and of within, and are taken back."""
    officer, district, ids = server.session("officer"), server.district("toronto"), []
    psql = lambda query: subprocess.run(["psql", "-XAtq", server.database, "-c", query], capture_output=True, text=True, check=True).stdout.strip()
    span = psql(f"select min(first_month), max(last_month) from tally_span where district_id = {district}")
    def counted():
        answer = officer.get(server.base + "/api/v1/figures", params={"within": "code:toronto:toronto", "level": "village", "from": "2001-01-01", "to": "2025-12-31", "measures": "hazard_density"}).json()
        return sum(r["figures"]["hazard_density"]["numerator"] for r in answer["rows"] + answer["direct"] + [answer["unplaced"]])
    before = counted()
    for n, (day, lon) in enumerate([("2001-02-03", -79.38), ("2001-02-28", -79.38), ("2025-11-30", -79.38), ("2025-12-01", -79.45), ("2012-05-05", None)]):
        hazard = {"id": f"6b1f7b1e-35cb-4a3a-9a0e-2f8d7f0a5e{n:02}", "district": district, "day": day, "source": "patrol", "grade": "major"}
        assert officer.post(server.base + "/api/v1/hazards", json=hazard | ({"lon": lon, "lat": 43.66} if lon else {})).status_code == 201
        ids.append(hazard["id"])
    def agree(more):
        assert int(psql(f"select fold({district})")) > 0 and psql(f"select count(*) from tally_pending where district_id = {district}") == "0"
        assert counted() == before + more
        checked = subprocess.run([ROOT / "build/release/gridward", "check", "figures", "--database", server.database], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    agree(5)
    assert psql(f"select min(first_month), max(last_month) from tally_span where district_id = {district}") != span
    for one in ids:
        assert officer.delete(f"{server.base}/api/v1/hazards/{one}", headers={"If-Match": "*"}).status_code == 204
    agree(0)


def test_rights_come_first(server):
    url = server.base + "/api/v1/figures"
    assert requests.get(url).status_code == 401
    assert server.session("admin").get(url, params={**YEAR, "level": "town"}).status_code == 403
    leader = server.session("leader")
    assert leader.post(server.base + "/api/v1/hazards", json={}).status_code == 403
    bad = requests.post(server.base + "/api/v1/sessions", json={"username": "leader", "password": "wrong"})
    assert bad.status_code == 401 and bad.headers["Content-Type"] == "application/problem+json"


def test_bad_records_say_which_field(server):
    leader = server.session("leader")
    for query, field in [("hazards?cell=code:chicago:32&from=2014-02-30", "from"), ("hazards?cell=code:chicago:32&after=x", "after"), ("hazards?cell=code:chicago:32&mode=as_of", "as_of"),
                         ("hazards?cell=code:chicago:32&mode=as_is&as_of=2014-01-01", "as_of"), ("hazards?cell=code:chicago:32&known_at=2014-02-30T00:00:00Z", "known_at"),
                         ("enterprises?cell=code:chicago:32&from=2014-01-01", "to"), ("cells?bbox=1,2,3", "bbox"), ("hazards?from=2014-01-01", "cell")]:
        answer = leader.get(f"{server.base}/api/v1/{query}")
        assert answer.status_code == 400 and [e["field"] for e in answer.json()["errors"]] == [field], answer.text


def test_a_district_as_a_whole_lists_the_enterprises_that_its_figure_counts(server):
    leader, district = server.session("leader"), server.district("toronto")
    figure = leader.get(server.base + "/api/v1/figures", params={"within": "code:toronto:toronto", "level": "district", "from": "2018-01-01", "to": "2019-01-01",
                                                                  "measures": "inspection_coverage"}).json()["rows"][0]["figures"]["inspection_coverage"]
    n, after = 0, ""
    while after is not None:
        page = leader.get(server.base + f"/api/v1/enterprises?district={district}&from=2018-01-01&to=2019-01-01&counted=visited&visits=inspection&limit=1000{after and '&after=' + after}").json()
        n, after = n + len(page["items"]), page["next"]
    assert n == figure["numerator"] > 0


def test_a_box_and_gdal(server):
    """GDAL reads cells from an address alone, with a read-only token in it."""
    leader = server.session("leader")
    found = leader.get(server.base + "/api/v1/cells", params={"level": "town", "within": "code:chicago:chicago", "bbox": "-87.632,41.879,-87.628,41.881"}).json()["items"]
    assert [c["name"] for c in found] == ["LOOP"]
    token = leader.post(server.base + "/api/v1/tokens", json={"label": "GDAL", "days": 1}).json()["token"]
    url = f"{server.base}/api/v1/cells?level=town&within=code:chicago:chicago&limit=1000&format=geojson&key={token}"
    said = subprocess.run(["ogrinfo", "-ro", "-so", "-al", url], capture_output=True, text=True).stdout
    assert "Feature Count: 77" in said and "Polygon" in said, said


@pytest.mark.parametrize("change", [{"to": "2014-01-01"}, {"from": "2014-02-30"}, {"level": "street"}, {"measures": "x"}, {"mode": "as_of"}, {"source": "hearsay"}])
def test_bad_input_names_the_field(server, change):
    answer = server.session("leader").get(server.base + "/api/v1/figures", params={**YEAR, "level": "town", **change})
    assert answer.status_code == 400 and answer.json()["errors"]


@pytest.mark.parametrize("change,status,says", [({"from": "1990-01-01", "to": "2000-01-01"}, 422, "The map of this district begins on 2000-01-01: choose a window that ends after it"), ({"within": "999999999"}, 404, "There is no such cell"),
                                                ({"mode": "as_of", "as_of": "1999-12-31"}, 422, "The map of this district begins on 2000-01-01: give a day from then on."), ({"within": "code:chicago:nowhere"}, 404, "There is no such cell")])
def test_what_is_not_there_says_what_to_do(server, change, status, says):
    answer = server.session("leader").get(server.base + "/api/v1/figures", params={**YEAR, "level": "town", "measures": "hazard_density", **change})
    assert answer.status_code == status and answer.json()["detail"].startswith(says), answer.text


def test_locate_and_codes(server):
    leader = server.session("leader")
    chain = leader.get(server.base + "/api/v1/locate", params={"lon": -87.63, "lat": 41.88}).json()["chain"]
    assert [c["cell"]["level"] for c in chain] == ["village", "town", "district"]
    assert chain[1]["cell"]["name"].lower() == "loop"
    assert leader.get(server.base + "/api/v1/cells/code:chicago:32").json()["id"] == chain[1]["cell"]["id"]


def test_kept_counts_agree_and_the_same_import_changes_nothing(server):
    database = server.database
    binary = ROOT / "build/release/gridward"
    checked = subprocess.run([binary, "check", "--database", database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    again = subprocess.run([binary, "import", "--database", database, DATA / "recipe.toml"], capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    told = [line for line in again.stdout.splitlines() if " added, " in line]
    assert len(told) >= 5 and all(" 0 added, 0 changed," in line for line in told), again.stdout
