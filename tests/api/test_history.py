"""A made-up district with a merge: villages A and B become C on 2020-01-01. Every count is known by construction."""
import json
import subprocess

import pytest

from harness import ROOT

RECIPE = """
[district]
scheme = "merge"
time_zone = "Asia/Shanghai"
holds_from = 2018-01-01
synthetic = true
[[table]]
kind = "district"
constants = { code = "D", name = "示范", kind = "区" }
[[table]]
kind = "town"
file = "towns.geojson"
columns = { code = "code", name = "code", parent = "parent" }
[[table]]
kind = "village"
file = "villages.geojson"
columns = { code = "code", name = "code", parent = "parent", from = "from", to = "to" }
[[table]]
kind = "enterprise"
file = "enterprises.csv"
crs = "EPSG:4490"
columns = { code = "code", name = "code", lon = "lon", lat = "lat" }
[[table]]
kind = "hazard"
file = "hazards.csv"
crs = "EPSG:4490"
columns = { key = "key", day = "day", closed_on = "closed", lon = "lon", lat = "lat", enterprise = "enterprise" }
constants = { source = "patrol", grade = "general" }
[[table]]
kind = "inspection"
file = "inspections.csv"
crs = "EPSG:4490"
columns = { key = "key", day = "day", enterprise = "enterprise" }
constants = { result = "completed" }
"""


def box(code, parent, x0, x1, start=None, end=None):
    ring = [[x0, 30.0], [x1, 30.0], [x1, 30.1], [x0, 30.1], [x0, 30.0]]
    return {"type": "Feature", "properties": {"code": code, "parent": parent, "from": start, "to": end},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture(scope="module")
def merged(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("merge")
    def layer(name, features):
        (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    layer("towns.geojson", [box("T1", "D", 124.0, 124.2), box("T2", "D", 124.2, 124.3)])
    layer("villages.geojson", [box("A", "T1", 124.0, 124.1, "2018-01-01", "2020-01-01"), box("B", "T1", 124.1, 124.2, "2018-01-01", "2020-01-01"),
                               box("C", "T1", 124.0, 124.2, "2020-01-01"), box("E", "T2", 124.2, 124.25)])
    (folder / "enterprises.csv").write_text("code,lon,lat\ne1,124.05,30.05\ne2,124.15,30.05\ne3,124.22,30.05\n")
    # In A: two by enterprise, one by point. In B: one. On the border of A and B: one, A's (lower code). In C: two. In E: one.
    # In T2 but no village: one. Nowhere: one.
    (folder / "hazards.csv").write_text("""key,day,closed,lon,lat,enterprise
1,2019-03-01,2019-03-05,124.05,30.05,e1
2,2019-12-31,2020-02-01,124.05,30.05,e1
3,2019-05-01,,124.02,30.02,
4,2019-05-02,,124.15,30.05,e2
5,2019-05-03,,124.1,30.05,
6,2020-01-01,,124.05,30.05,e1
7,2020-03-01,,124.15,30.01,
8,2019-06-01,,124.22,30.05,e3
9,2019-06-02,,124.28,30.05,
10,2019-06-03,,125.0,30.05,
""")
    (folder / "inspections.csv").write_text("key,day,enterprise\n1,2019-04-01,e1\n2,2019-04-02,e1\n3,2019-07-01,e2\n")
    (folder / "recipe.toml").write_text(RECIPE)
    done = subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, folder / "recipe.toml"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def ask(server, **query):
    query = {"within": "code:merge:D", "level": "village", "from": "2019-01-01", "to": "2020-01-01", **query}
    answer = server.session("leader").get(server.base + "/api/v1/figures", params=query)
    assert answer.status_code == 200, answer.text
    answer = answer.json()
    def pick(rows, measure):
        return {r["cell"].get("code", "-"): r["figures"][measure]["numerator"] for r in rows}
    out = {m: {**pick(answer["rows"], m), **{"direct " + k: v for k, v in pick(answer["direct"], m).items() if v},
               **({"unplaced": answer["unplaced"]["figures"][m]["numerator"]} if answer["unplaced"] else {})}
           for m in ("hazard_density", "open_hazard_density", "inspection_coverage", "inspection_visits")}
    return out, {r["cell"]["code"]: r["figures"] for r in answer["rows"]}


def test_as_was_keeps_the_old_villages(server, merged):
    got, rows = ask(server)
    assert got["hazard_density"] == {"A": 4, "B": 1, "E": 1, "direct T2": 1, "unplaced": 1}
    assert got["open_hazard_density"] == {"A": 3, "B": 1, "E": 1, "direct T2": 1, "unplaced": 1}
    assert got["inspection_visits"] == {"A": 2, "B": 1, "E": 0, "unplaced": 0}
    assert rows["A"]["inspection_coverage"]["value"] == 1 and rows["E"]["inspection_coverage"]["value"] == 0


def test_as_is_gives_them_to_the_merged_village(server, merged):
    got, rows = ask(server, mode="as_is")
    assert got["hazard_density"] == {"C": 5, "E": 1, "direct T2": 1, "unplaced": 1}
    assert got["open_hazard_density"] == {"C": 4, "E": 1, "direct T2": 1, "unplaced": 1}
    assert rows["C"]["inspection_coverage"]["denominator"] == 2 and rows["C"]["inspection_coverage"]["value"] == 1


def test_a_cell_that_had_ended_by_then_says_so(server, merged):
    answer = server.session("leader").get(server.base + "/api/v1/figures", params={"within": "code:merge:A", "level": "village", "from": "2020-01-01", "to": "2021-01-01"})
    assert answer.status_code == 404 and answer.json()["detail"].startswith("This cell did not exist in that time: choose a window in which it did (/api/v1/cells/"), answer.text


def test_as_of_a_day_before_gives_later_events_to_the_old_villages(server, merged):
    got, _ = ask(server, mode="as_of", as_of="2019-06-01", **{"from": "2020-01-01", "to": "2021-01-01"})
    assert got["hazard_density"] == {"A": 1, "B": 1, "E": 0, "unplaced": 0}
    assert got["open_hazard_density"] == {"A": 3, "B": 2, "E": 1, "direct T2": 1, "unplaced": 1}


@pytest.mark.parametrize("mode", [{}, {"mode": "as_is"}, {"mode": "as_of", "as_of": "2018-06-01"}])
@pytest.mark.parametrize("window", [("2019-01-01", "2020-01-01"), ("2019-05-02", "2020-02-15"), ("2018-01-01", "2022-01-01")])
def test_children_sum_to_their_parent_in_each_mode(server, merged, mode, window):
    query = {**mode, "from": window[0], "to": window[1]}
    villages, _ = ask(server, **query)
    towns, _ = ask(server, level="town", **query)
    for measure in ("hazard_density", "open_hazard_density", "inspection_visits"):
        assert sum(villages[measure].values()) == sum(towns[measure].values())
        for town in ("T1", "T2"):
            inside, _ = ask(server, within=f"code:merge:{town}", **query)
            assert sum(inside[measure].values()) == towns[measure][town]


def test_a_merged_cells_area_is_weighted_by_its_days(server, merged):
    _, year = ask(server)
    _, both = ask(server, to="2021-01-01")   # 365 days with A, 366 without
    share = both["A"]["hazard_density"]["denominator"] / year["A"]["hazard_density"]["denominator"]
    assert share == pytest.approx(365 / 731, rel=1e-9)


def import_again(server, merged, *options):
    done = subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, *options, merged / "recipe.toml"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def recounted(server):
    done = subprocess.run([ROOT / "build/release/gridward", "check", "--database", server.database], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("mode", [{}, {"mode": "as_is"}, {"mode": "as_of", "as_of": "2018-06-01"}])
def test_records_are_the_numerator_in_each_mode(server, merged, mode):
    leader = server.session("leader")
    answer = leader.get(server.base + "/api/v1/figures", params={"within": "code:merge:D", "level": "village", "from": "2019-01-01", "to": "2020-06-01", **mode}).json()
    for row in answer["rows"] + answer["direct"] + [answer["unplaced"]]:
        for name, figure in row["figures"].items():
            listed = leader.get(server.base + figure["records"] + "&limit=1000").json()["items"]
            assert len(listed) == figure["numerator"], (name, row["cell"], figure)
            if figure["base_records"]:
                base = leader.get(server.base + figure["base_records"] + "&limit=1000").json()["items"]
                counted = sum(e["counts"] for e in base) if "counts" in (base or [{}])[0] else len(base)
                assert counted == pytest.approx(figure["denominator"]), (name, row["cell"], figure)


def test_a_map_that_changes_behind_its_events_places_them_anew(server, merged):
    """E's land grows east over the hazard that lay in T2 directly: from 2019-06-15 on, so the hazard of 06-02 keeps its stamp."""
    before = now(server)
    villages = json.loads((merged / "villages.geojson").read_text())
    e = next(f for f in villages["features"] if f["properties"]["code"] == "E")
    e["geometry"]["coordinates"] = [[[124.2, 30.0], [124.3, 30.0], [124.3, 30.1], [124.2, 30.1], [124.2, 30.0]]]
    (merged / "villages.geojson").write_text(json.dumps(villages))
    assert "1 changed" in import_again(server, merged, "--from", "2019-06-15")
    got, _ = ask(server)
    assert got["hazard_density"] == {"A": 4, "B": 1, "E": 1, "direct T2": 1, "unplaced": 1}
    got, _ = ask(server, mode="as_is")
    assert got["hazard_density"] == {"C": 5, "E": 2, "unplaced": 1}
    got, _ = ask(server, mode="as_of", as_of="2019-06-10")
    assert got["hazard_density"] == {"A": 4, "B": 1, "E": 1, "direct T2": 1, "unplaced": 1}
    got, _ = ask(server, mode="as_is", known_at=before)
    assert got["hazard_density"] == {"C": 5, "E": 1, "direct T2": 1, "unplaced": 1}
    recounted(server)


def now(server):
    import datetime
    import time
    time.sleep(0.01)
    at = datetime.datetime.now(datetime.timezone.utc).isoformat()
    time.sleep(0.01)
    return at


def test_a_correction_counts_anew_and_what_was_known_stays_readable(server, merged):
    officer = server.session("officer")
    url = server.base + "/api/v1/hazards"
    found = officer.get(url, params={"cell": "code:merge:E", "from": "2019-01-01", "to": "2020-01-01"}).json()["items"]
    assert len(found) == 1
    one = found[0]
    before = now(server)
    assert officer.patch(f"{url}/{one['id']}", json={"grade": "major"}).status_code == 428
    assert officer.patch(f"{url}/{one['id']}", json={"grade": "major"}, headers={"If-Match": '"1"'}).status_code == 412
    moved = officer.patch(f"{url}/{one['id']}", json={"enterprise": None, "lon": 124.05, "lat": 30.05, "day": "2019-12-01", "reason": "wrong place"},
                          headers={"If-Match": f'"{one["version"]}"'})
    assert moved.status_code == 200, moved.text
    got, _ = ask(server)
    assert got["hazard_density"]["A"] == 5 and got["hazard_density"]["E"] == 0
    for mode in ({}, {"mode": "as_is"}):
        then, _ = ask(server, known_at=before, **mode)
        assert then["hazard_density"]["E"] == (1 if not mode else 2), (mode, then)
    gone = officer.delete(f"{url}/{one['id']}", params={"reason": "entered twice"}, headers={"If-Match": f'"{moved.json()["version"]}"'})
    assert gone.status_code == 204
    assert ask(server)[0]["hazard_density"]["A"] == 4
    assert officer.get(f"{url}/{one['id']}").status_code in (403, 404)
    recounted(server)


def test_a_cell_that_is_gone_from_the_file_ends_only_when_asked(server, merged):
    text = (merged / "enterprises.csv").read_text()
    (merged / "enterprises.csv").write_text(text.replace("e3,124.22,30.05\n", ""))
    assert "not in the file" in import_again(server, merged)
    leader = server.session("leader")
    assert leader.get(server.base + "/api/v1/cells/code:merge-enterprise:e3").status_code == 200
    assert "not in the file" in import_again(server, merged, "--from", "2021-01-01", "--close-gone")
    assert leader.get(server.base + "/api/v1/cells/code:merge-enterprise:e3").status_code == 404
    assert leader.get(server.base + "/api/v1/cells/code:merge-enterprise:e3", params={"at": "2020-12-31"}).status_code == 200


def test_a_village_that_is_gone_ends_for_figures_too(server, merged):
    """E closes: nothing else of the map changes on that day, and its land is the town's from then on."""
    villages = json.loads((merged / "villages.geojson").read_text())
    villages["features"] = [f for f in villages["features"] if f["properties"]["code"] != "E"]
    (merged / "villages.geojson").write_text(json.dumps(villages))
    import_again(server, merged, "--from", "2022-01-01", "--close-gone")
    got, _ = ask(server, mode="as_of", as_of="2021-12-31")
    assert got["hazard_density"]["E"] == 1 and "direct T2" not in got["hazard_density"]
    for mode in ({"mode": "as_is"}, {"mode": "as_of", "as_of": "2022-01-01"}):
        got, figures = ask(server, **mode)
        assert "E" not in figures and got["hazard_density"]["direct T2"] == 1, got
    recounted(server)
