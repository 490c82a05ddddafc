"""Vacancies, the load of people, and its balance: against sums made by hand, and the ground looked at with shapely."""
import collections
import datetime
import json
import subprocess

import pytest
from shapely.geometry import shape
from shapely.strtree import STRtree

from harness import ROOT
from test_transfers import send

RECIPE = """
[district]
scheme = "{scheme}"
holds_from = 2020-01-01
[[table]]
kind = "district"
constants = {{ code = "d", name = "district" }}
[[table]]
kind = "town"
constants = {{ code = "t", name = "town", parent = "d" }}
[[table]]
kind = "village"
file = "villages.csv"
crs = "EPSG:4326"
columns = {{ code = "code", name = "code" }}
constants = {{ parent = "t" }}
[[table]]
kind = "enterprise"
file = "enterprises.csv"
columns = {{ code = "code", name = "code", parent = "parent", risk_grade = "grade" }}
[[table]]
kind = "person"
file = "people.csv"
columns = {{ key = "key", name = "key" }}
[[table]]
kind = "assignment"
file = "assignments.csv"
columns = {{ key = "key", cell = "cell", post = "post", person = "person", from = "from", to = "to", acting = "acting" }}
[[table]]
kind = "hazard"
file = "hazards.csv"
columns = {{ key = "key", day = "day", enterprise = "enterprise", closed_on = "closed" }}
constants = {{ source = "patrol", grade = "general" }}
"""
DAY = "2024-03-01"
INTERVAL, GRACE = {1: 30, 2: 60, 3: 90, 4: 180}, {1: 30, 2: 30, 3: 60, 4: 90}  # patrols, by the general visit rules
MINUTES = {"inspection": 120, "patrol": 45, "travel": 20, "follow_up": 30}


def table(names, rows):
    return "\n".join([names, *(",".join(str(v) for v in row) for row in rows)]).encode()


def box(x, y):
    west, south = 117 + x / 100, 36 + y / 100
    return f'"POLYGON(({west} {south},{west + 0.01} {south},{west + 0.01} {south + 0.01},{west} {south + 0.01},{west} {south}))"'


def due(grade, days=365):
    """Due days in the window of an enterprise that nobody ever visited, registered when the map begins."""
    day, begin = datetime.date(2020, 1, 1) + datetime.timedelta(GRACE[grade]), datetime.date.fromisoformat(DAY)
    count = 0
    while day < begin + datetime.timedelta(days):
        count += day >= begin
        day += datetime.timedelta(INTERVAL[grade])
    return count


@pytest.fixture(scope="module")
def town(server):
    """Six by six villages; three officers hold two columns each, but for the corners: one is vacant, one has an acting holder."""
    villages = [(f"v{x}{y}", box(x, y)) for x in range(6) for y in range(6)]
    enterprises = [(f"e{x}{y}{k}", f"v{x}{y}", 1 + (x + y + k) % 4) for x in range(6) for y in range(6) for k in range(1 + 12 * (x == 0) + (x + y) % 5)]
    assignments = [(f"a{x}{y}", f"v{x}{y}", "safety_officer", f"p{x // 2}", "2020-01-01", "", "false") for x in range(6) for y in range(6) if (x, y) not in ((0, 0), (5, 5))]
    assignments += [("old", "v00", "safety_officer", "p0", "2020-01-01", "2023-05-01", "false"), ("acts", "v55", "safety_officer", "p2", "2024-01-01", "", "true"),
                    ("gone", "v55", "safety_officer", "p1", "2020-01-01", "2024-01-01", "false")]
    hazards = [("h1", "2024-01-05", "e000", ""), ("h2", "2024-01-06", "e330", "2024-02-01"), ("h3", "2024-02-29", "e550", "2024-04-01"), ("h4", "2024-03-02", "e550", "")]
    files = {"recipe.toml": RECIPE.format(scheme="work"), "villages.csv": table("code,WKT", villages), "enterprises.csv": table("code,parent,grade", enterprises),
             "people.csv": table("key", [(f"p{i}",) for i in range(4)]), "assignments.csv": table("key,cell,post,person,from,to,acting", assignments),
             "hazards.csv": table("key,day,enterprise,closed", hazards)}
    me = server.session("coordinator")
    done = send(me, server, files)
    assert done.status_code == 201, done.text
    load = collections.Counter()
    for _, village, grade in enterprises:
        load[village] += due(grade) * (MINUTES["patrol"] + MINUTES["travel"])
    load["v00"] += MINUTES["follow_up"]
    load["v55"] += MINUTES["follow_up"]
    return {"load": load, "enterprises": collections.Counter(v for _, v, _ in enterprises), "district": server.district("work")}


def get(server, path, **asked):
    answer = server.session("coordinator").get(server.base + "/api/v1/" + path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_vacancies_tell_since_when_and_who_acts(server, town):
    found = {v["cell"]["code"]: v for v in get(server, "vacancies", within="code:work:d", at=DAY, level="village")["items"]}
    assert set(found) == {"v00", "v55"}
    assert (found["v00"]["since"], found["v00"]["days"], found["v00"]["acting"]) == ("2023-05-01", 305, [])
    assert found["v55"]["since"] == "2024-01-01"
    assert [(a["person_name"], a["from"], a["to"]) for a in found["v55"]["acting"]] == [("p2", "2024-01-01", None)]
    assert {v["post"] for v in get(server, "vacancies", within="code:work:t", at=DAY, level="town")["items"]} == {"town_head", "enforcement_officer"}
    first = get(server, "vacancies", within="code:work:d", at=DAY, limit=2)
    second = get(server, "vacancies", within="code:work:d", at=DAY, limit=1000, after=first["next"])
    whole = get(server, "vacancies", within="code:work:d", at=DAY, limit=1000)["items"]
    assert first["items"] + second["items"] == whole
    # The same, as findings tell it: only who has no holder at all.
    vacant = get(server, "findings", within="code:work:d", at=DAY, kind="vacant_post", limit=1000)["items"]
    assert {(f["cell"]["code"], f["post"]) for f in vacant if f["level"] != "enterprise"} == {(v["cell"]["code"], v["post"]) for v in whole if v["level"] != "enterprise" and not v["acting"]}
    # Whoever has the fewest villages beside it could act.
    people = {p["name"]: p["id"] for p in get(server, "people", district=town["district"])["items"]}
    mend = next(f for f in vacant if f["cell"]["code"] == "v00" and f["post"] == "safety_officer")
    assert mend["repair"] == [{"kind": "assign", "cell": str(mend["cell"]["id"]), "post": "safety_officer", "person": people["p0"], "acting": True}]
    assert sum(f["count"] for f in vacant if f["level"] == "enterprise") == sum(town["enterprises"].values())


def test_workload_is_the_sum_by_hand(server, town):
    answer = get(server, "workload", within="code:work:d", at=DAY, post="safety_officer")
    assert answer["minutes"] == MINUTES and answer["window"] == {"from": DAY, "to": "2025-03-01"}
    expected = {f"p{i}": sum(town["load"][f"v{x}{y}"] for x in (2 * i, 2 * i + 1) for y in range(6) if (x, y) != (0, 0)) for i in range(3)}
    assert {p["person_name"]: p["minutes"] for p in answer["people"]} == expected
    assert {p["person_name"]: p["acting"] for p in answer["people"]} == {"p0": 0, "p1": 0, "p2": 1}
    post, loads = answer["posts"][0], list(expected.values())
    mean = sum(loads) / 3
    assert post["max_to_mean"] == pytest.approx(max(loads) / mean) and post["cv"] == pytest.approx((sum((v - mean) ** 2 for v in loads) / 3) ** 0.5 / mean)
    assert post["gini"] == pytest.approx(sum(abs(a - b) for a in loads for b in loads) / (2 * 9 * mean))
    assert post["unheld_minutes"] == town["load"]["v00"]
    # Minutes are dated weights of the district.
    me = server.session("coordinator")
    done = me.post(server.base + "/api/v1/figure-weights", json={"district": town["district"], "scale": "workload", "grade": "travel", "weight": 50, "from": "2024-06-01"})
    assert done.status_code == 201, done.text
    assert get(server, "workload", within="code:work:d", at=DAY)["minutes"]["travel"] == 20
    assert get(server, "workload", within="code:work:d", at="2024-06-01")["minutes"]["travel"] == 50


def test_balance_evens_out_and_its_operations_make_a_plan(server, town):
    me = server.session("coordinator")
    ask = lambda **body: me.post(server.base + "/api/v1/reassignments/balance", json={"within": "code:work:t", "at": DAY, "moved_weight": 0.01, **body})  # noqa: E731
    answer = ask()
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found == ask().json()  # the same seed
    assert found["after"]["max_to_mean"] <= 1.05 < found["before"]["max_to_mean"] and found["possible"]
    assert found["after"]["max_to_mean"] >= found["bound"]["max_to_mean"]
    assert all(z["pieces_after"] == 1 for z in found["zones"])
    code_of = {c["id"]: c["code"] for c in me.get(server.base + "/api/v1/cells", params={"within": "code:work:t", "level": "village", "at": DAY, "limit": 100}).json()["items"]}
    for zone in found["zones"]:
        assert zone["minutes_after"] == sum(town["load"][code_of[c]] for c in zone["cells"])
    assert sorted(c for z in found["zones"] for c in z["cells"]) == sorted(code_of)
    assert len(found["operations"]) == len(found["moves"])
    assert "v00" in {m["cell"]["code"] for m in found["moves"] if m["from_zone"] is None}  # it gets a holder
    kept = [m["cell"]["code"] for m in found["moves"] if m["from_zone"] is not None]
    locked = ask(locked=[f"code:work:{c}" for c in kept], most_moved=5).json()
    assert not {m["cell"]["code"] for m in locked["moves"]} & set(kept) and locked["after"]["moved_enterprises"] <= 5
    # People who hold nothing yet take part when they are named; barriers part what lies side by side.
    four = ask(people=[z["person"] for z in found["zones"]] + [p["id"] for p in me.get(server.base + "/api/v1/people", params={"district": town["district"], "q": "p3"}).json()["items"]]).json()
    assert len(four["zones"]) == 4 and min(z["minutes_after"] for z in four["zones"]) > 0
    assert all(z["pieces_after"] == 1 for z in four["zones"])
    plan = me.post(server.base + "/api/v1/reassignments", json={"district": town["district"], "title": "balance", "reason": "even loads", "effective_on": "2030-01-01", "operations": found["operations"]})
    assert plan.status_code == 201, plan.text
    assert ask(zones=40).status_code == 422 and ask(people=[999999999]).status_code == 400 and ask(locked=["code:work:t"]).status_code == 400


def test_balance_says_when_it_is_impossible(server, town):
    found = server.session("coordinator").post(server.base + "/api/v1/reassignments/balance", json={"within": "code:work:t", "at": DAY, "zones": 30}).json()
    assert not found["possible"] and found["bound"]["max_to_mean"] > 1.05 and "无法均衡" in found["verdict"]["zh"]


def test_chicago_in_twenty_zones(own_server):
    """Of the sample as it is imported, since the other tests write there. Every zone is one piece by shapely's borders."""
    answer = own_server.session("leader").post(own_server.base + "/api/v1/reassignments/balance", json={"within": "code:chicago:chicago", "zones": 20})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["bound"]["max_to_mean"] <= found["after"]["max_to_mean"] <= 1.05
    lines = subprocess.run(["/usr/bin/ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", ROOT / "geodata/chicago/boundaries.gpkg", "tract", "-lco", "COORDINATE_PRECISION=17"],
                           capture_output=True, text=True, check=True).stdout.splitlines()
    tracts = {f["properties"]["code"]: shape(f["geometry"]) for f in map(json.loads, lines)}
    zone_of = {m["cell"]["code"]: m["to_zone"] for m in found["moves"]}
    assert set(zone_of) == set(tracts)
    code_of, tree = {id(g): c for c, g in tracts.items()}, STRtree(list(tracts.values()))
    for zone in range(20):
        left = {c for c, z in zone_of.items() if z == zone}
        queue = [left.pop()]
        while queue:
            here = tracts[queue.pop()]
            for other in tree.query(here):
                code = code_of[id(other)]
                if code in left and here.intersection(other).length > 5e-5:
                    left.remove(code)
                    queue.append(code)
        assert not left, zone
    for z, zone in enumerate(found["zones"]):
        assert zone["minutes_after"] == pytest.approx(sum(m["minutes"] for m in found["moves"] if m["to_zone"] == z))
