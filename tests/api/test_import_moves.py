"""An enterprise that a later import places elsewhere: it belongs to the village of its new point, of each day's map, and so do its events."""
import json
import subprocess

import pytest

from harness import BINARY
from test_import_rows import sheet
from test_transfers import send, square

RECIPE = """
[district]
scheme = "{scheme}"
enterprise_scheme = "{scheme}-units"
holds_from = 2020-01-01
shape = "children"
[[table]]
kind = "district"
constants = {{ code = "990906", name = "迁址测试区" }}
[[table]]
kind = "village"
file = "villages.geojson"
columns = {{ code = "code", name = "name", from = "from", to = "to" }}
constants = {{ parent = "990906" }}
[[table]]
kind = "enterprise"
file = "units.csv"
crs = "EPSG:4490"
columns = {{ code = "code", name = "name", lon = "lon", lat = "lat", risk_grade = "risk" {parent} }}
"""
HAZARDS = """
[[table]]
kind = "hazard"
file = "hazards.csv"
columns = { key = "key", day = "day", enterprise = "unit" }
constants = { source = "patrol", grade = "general" }
"""
# The western village, and the eastern one, which has another code since 2022.
EAST, OLD_WEST, NEW_WEST = "990906001", "990906002", "990906003"
PLACES = {EAST: 124.05, NEW_WEST: 124.15, None: 125.5}


def village(code, west, begins=None, ends=None):
    one = square(code, code, west)
    one["properties"].update({"from": begins, "to": ends})
    return one


VILLAGES = json.dumps({"type": "FeatureCollection", "features": [village(EAST, 124.0), village(OLD_WEST, 124.1, "2020-01-01", "2022-01-01"), village(NEW_WEST, 124.1, begins="2022-01-01")]})


def unit(place, code="E1", **more):
    return {"code": code, "name": "厂" + code, "lon": PLACES[place], "lat": 30.05, "risk": 2, **more}


class World:
    """A district of two villages with two enterprises in one of them, and events of each."""

    def __init__(self, server, name):
        self.server, self.scheme, self.me = server, "moves-" + name, server.session("coordinator")
        hazards = [{"key": "1", "day": "2021-05-01", "unit": "E1"}, {"key": "2", "day": "2023-05-01", "unit": "E1"}, {"key": "3", "day": "2024-05-01", "unit": "E1"}, {"key": "4", "day": "2021-06-01", "unit": "E2"}]
        self.run([unit(EAST), unit(EAST, "E2")], hazards)
        self.district = server.district(self.scheme)
        self.cells = {self.me.get(f"{server.base}/api/v1/cells/code:{self.scheme}:{c}?at={day}").json()["id"]: c for c, day in ((EAST, "2023-01-01"), (OLD_WEST, "2021-01-01"), (NEW_WEST, "2023-01-01"))}
        self.one = self.get("enterprises", district=self.district, q="E1", at="2024-06-01")["items"][0]["id"]

    def run(self, units, hazards=None, **query):
        parent = ', parent = "village"' if "village" in units[0] else ""
        files = {"recipe.toml": RECIPE.format(scheme=self.scheme, parent=parent) + (HAZARDS if hazards else ""), "villages.geojson": VILLAGES, "units.csv": sheet(units)}
        if hazards:
            files["hazards.csv"] = sheet(hazards)
        answer = send(self.me, self.server, files, **query)
        assert answer.status_code == 201 and answer.json()["bad"] == [], answer.text
        return {t["table"]: t for t in answer.json()["tables"]}["enterprise"]

    def get(self, path, **query):
        answer = self.me.get(f"{self.server.base}/api/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def parents(self):
        """(from, to, village) of the first enterprise, as known now."""
        return [(p["valid"]["from"], p["valid"]["to"], self.cells[p["parent_id"]]) for p in self.get(f"cells/{self.one}/history")["parent"]]

    def counts(self, **query):
        """Hazards of each village in each mode, by the figures and by the lists behind them."""
        out = {}
        answer = self.get("figures", within=f"code:{self.scheme}:990906", level="village", measures="hazard_density", **{"from": "2020-01-01", "to": "2025-01-01"}, **query)
        rows = [(self.cells[r["cell"]["id"]], r["figures"]["hazard_density"]) for r in answer["rows"]] + [("nowhere", answer["unplaced"]["figures"]["hazard_density"])] + [("nowhere", r["figures"]["hazard_density"]) for r in answer["direct"]]
        for code, figure in rows:
            listed = self.me.get(self.server.base + figure["records"]).json()["items"]
            assert len(listed) == figure["numerator"], (code, query)
            if figure["numerator"]:
                out[code] = out.get(code, 0) + figure["numerator"]
        return out

    def check(self):
        """The kept counts are those of the events."""
        done = subprocess.run([BINARY, "check", "figures", "--database", self.server.database], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_corrected_point_moves_the_enterprise_from_the_beginning(server):
    world = World(server, "corrected")
    assert world.parents() == [("2020-01-01", None, EAST)] and world.counts() == world.counts(mode="as_is") == {EAST: 4}
    before = world.get("figures", within=f"code:{world.scheme}:990906", level="village", measures="hazard_density", **{"from": "2020-01-01", "to": "2025-01-01"})["version"]
    moved = world.run([unit(NEW_WEST), unit(EAST, "E2")])
    assert (moved["added"], moved["changed"], moved["as_before"]) == (0, 1, 1)
    assert world.parents() == [("2020-01-01", "2022-01-01", OLD_WEST), ("2022-01-01", None, NEW_WEST)]
    assert world.counts() == {EAST: 1, OLD_WEST: 1, NEW_WEST: 2}  # each in the village of its own day
    assert world.counts(mode="as_is") == {EAST: 1, NEW_WEST: 3}
    assert world.counts(mode="as_of", as_of="2021-12-31") == {EAST: 1, OLD_WEST: 3}
    after = world.get("figures", within=f"code:{world.scheme}:990906", level="village", measures="hazard_density", **{"from": "2020-01-01", "to": "2025-01-01"})["version"]
    assert before != after
    again = world.run([unit(NEW_WEST), unit(EAST, "E2")])
    assert (again["added"], again["changed"]) == (0, 0) and len(world.parents()) == 2
    world.check()
    assert world.run([unit(EAST), unit(EAST, "E2")])["changed"] == 1  # and back
    assert {p[2] for p in world.parents()} == {EAST} and world.counts() == world.counts(mode="as_is") == {EAST: 4}
    world.check()


def test_a_move_from_a_day_on_leaves_the_days_before(server):
    world = World(server, "moved")
    world.run([unit(NEW_WEST), unit(EAST, "E2")], **{"from": "2023-06-01"})
    assert world.parents() == [("2020-01-01", "2023-06-01", EAST), ("2023-06-01", None, NEW_WEST)]
    assert world.counts() == {EAST: 3, NEW_WEST: 1} and world.counts(mode="as_is") == {EAST: 1, NEW_WEST: 3}
    world.check()


def test_what_is_said_of_later_days_stays(server):
    """Moved on 2024-01-01 over REST; then its point of before is corrected, which says nothing of the days after the move."""
    world = World(server, "later")
    changed = world.me.patch(f"{server.base}/api/v1/cells/{world.one}", json={"from": "2024-01-01", "lon": 124.06, "lat": 30.06, "reason": "迁址"}, headers={"If-Match": "*"})
    assert changed.status_code in (200, 204), changed.text
    world.run([unit(NEW_WEST), unit(EAST, "E2")])
    assert world.parents() == [("2020-01-01", "2022-01-01", OLD_WEST), ("2022-01-01", "2024-01-01", NEW_WEST), ("2024-01-01", None, EAST)]
    assert world.counts() == {EAST: 2, OLD_WEST: 1, NEW_WEST: 1} and world.counts(mode="as_is") == {EAST: 4}
    world.check()


def test_a_point_in_no_village_leaves_it_without_one(server):
    world = World(server, "nowhere")
    moved = world.run([unit(None), unit(EAST, "E2")])
    assert moved["changed"] == 1 and any("lie in no cell (row 1)" in s for s in moved["suspects"])
    assert world.parents() == [] and world.counts() == world.counts(mode="as_is") == {EAST: 1, "nowhere": 3}
    world.check()
    world.run([unit(EAST), unit(EAST, "E2")])
    assert {p[2] for p in world.parents()} == {EAST} and world.counts() == {EAST: 4}


def test_a_village_that_the_row_names_comes_before_the_point_and_is_told(server):
    world = World(server, "named")
    named = world.run([unit(NEW_WEST, village=EAST), unit(EAST, "E2", village=EAST)])
    assert named["changed"] == 1 and world.parents() == [("2020-01-01", None, EAST)] and world.counts(mode="as_is") == {EAST: 4}
    assert any(s.startswith("1 of 2 points lie outside the cell that their row names, and count where it says (row 1)") and "按所写网格归属" in s for s in named["suspects"])
    world.run([unit(EAST, village=NEW_WEST), unit(EAST, "E2", village=EAST)], **{"from": "2023-01-01"})  # and another village by its name moves it with its events
    assert world.parents() == [("2020-01-01", "2023-01-01", EAST), ("2023-01-01", None, NEW_WEST)]
    assert world.counts() == {EAST: 2, NEW_WEST: 2} and world.counts(mode="as_is") == {EAST: 1, NEW_WEST: 3}
    world.check()


def change(world, who=None, **body):
    return (who or world.me).patch(f"{world.server.base}/api/v1/cells/{world.one}", json={"reason": "坐标更正", **body}, headers={"If-Match": "*"})


def test_a_point_that_is_changed_over_rest_moves_it_as_an_import_does(server):
    world = World(server, "rest")
    assert change(world, **{"from": "2020-01-01", "lon": PLACES[NEW_WEST], "lat": 30.05}).json() == {"id": world.one, "changed": True}
    assert world.parents() == [("2020-01-01", "2022-01-01", OLD_WEST), ("2022-01-01", None, NEW_WEST)]
    assert world.counts() == {EAST: 1, OLD_WEST: 1, NEW_WEST: 2} and world.counts(mode="as_is") == {EAST: 1, NEW_WEST: 3}
    world.check()
    assert change(world, **{"from": "2020-01-01", "lon": PLACES[NEW_WEST], "lat": 30.05}).json()["changed"] is False
    assert change(world, **{"from": "2024-01-01", "lon": PLACES[EAST], "lat": 30.05}).json()["changed"] is True  # it moved on that day
    assert world.parents() == [("2020-01-01", "2022-01-01", OLD_WEST), ("2022-01-01", "2024-01-01", NEW_WEST), ("2024-01-01", None, EAST)]
    assert world.counts() == {EAST: 2, OLD_WEST: 1, NEW_WEST: 1} and world.counts(mode="as_is") == {EAST: 4}
    assert change(world, **{"from": "2024-06-01", "lon": PLACES[NEW_WEST], "lat": 30.05, "parent": f"code:{world.scheme}:{EAST}"}).json()["changed"] is True
    assert world.parents()[-1] == ("2024-01-01", None, EAST), "a parent that is named comes before the point"
    assert change(world, **{"from": "2024-07-01", "lon": PLACES[None], "lat": 30.05}).json()["changed"] is True
    assert world.parents()[-1] == ("2024-01-01", "2024-07-01", EAST), "outside every village it has none"
    world.check()


def test_a_point_over_rest_is_whole_and_within_ones_area(server):
    world = World(server, "rest-area")
    half = change(world, **{"from": "2020-01-01", "lon": PLACES[NEW_WEST]})
    assert half.status_code == 400 and half.json()["errors"] == [{"field": "lat", "detail": "give lon and lat, or neither"}]
    east = next(c for c, code in world.cells.items() if code == EAST)
    made = server.session("admin").post(server.base + "/api/v1/users", json={"username": "east-only", "grants": [{"role": "coordinator", "cell": east}]})
    assert made.status_code == 201, made.text
    server.passwords["east-only"] = made.json()["password"]
    mine = server.session("east-only")
    for place in (NEW_WEST, None):
        away = change(world, who=mine, **{"from": "2020-01-01", "lon": PLACES[place], "lat": 30.05})
        assert away.status_code == 403 and "new point lies outside your area" in away.json()["detail"]
    assert world.parents() == [("2020-01-01", None, EAST)] and world.counts(mode="as_is") == {EAST: 4}
    assert change(world, who=mine, **{"from": "2020-01-01", "lon": 124.051, "lat": 30.05}).json()["changed"] is True


@pytest.mark.parametrize("parent,placed", [("990906009", False), ("990906009", True)])
def test_a_parent_that_is_not_known(server, parent, placed):
    """With a point the enterprise stands where that lies, and it is told; without one its row is bad."""
    me = server.session("coordinator")
    row = {**unit(EAST, village=parent), **({} if placed else {"lon": "", "lat": ""})}
    files = {"recipe.toml": RECIPE.format(scheme="moves-orphans", parent=', parent = "village"'), "villages.geojson": VILLAGES, "units.csv": sheet([row])}
    report = send(me, server, files, dry_run="true").json()
    table = next(t for t in report["tables"] if t["table"] == "enterprise")
    if placed:
        assert report["bad"] == [] and table["added"] == 1
        assert table["suspects"] == [f"E1 names the parent {parent}, which is not known, and stands where its point lies / E1所写上级{parent}不存在，按坐标归属"]
    else:
        assert [(b["row"], b["column"]) for b in report["bad"]] == [(1, "village")] and "not the code of a cell above" in report["bad"][0]["reason"] and "不是任何上级网格的代码" in report["bad"][0]["reason_zh"]
        assert table["added"] == 0
