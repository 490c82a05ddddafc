"""Overlays from files: areas of any format that GDAL reads, and who holds posts there, by a recipe, tried first, and the same import twice changes nothing."""
import pytest

from test_hazard_loop import layer
from test_overlays import RECIPE, SCHEME, UNITS, box
from test_transfers import send, square

SCHEME, RECIPE = SCHEME + "-import", RECIPE.replace(SCHEME, SCHEME + "-import").replace("990918", "990919")
HEAD = f'[district]\nscheme = "{SCHEME}"\nenterprise_scheme = "{SCHEME}-units"\nholds_from = 2020-01-01\n'
AREAS = """
[[table]]
kind = "overlay_area"
file = "stations.geojson"
columns = { code = "no", name = "label" }
constants = { overlay = "police", overlay_name = "派出所辖区", overlay_kind = "派出所" }
"""
HOLDERS = """
[[table]]
kind = "person"
file = "people.csv"
columns = { key = "key", name = "name" }
[[table]]
kind = "overlay_holder"
file = "chiefs.csv"
columns = { key = "key", area = "area", person = "person", post = "post", from = "from", to = "to" }
constants = { overlay = "police" }
"""
PEOPLE = "key,name\nP1,王所长\nP2,李所长\n"
CHIEFS = "key,area,person,post,from,to\n1,N,P1,所长,2024-01-01,\n2,S,P2,所长,2024-01-01,2025-01-01\n"


def station(no, label, south, north, west=137.0, east=137.2):
    return {"type": "Feature", "properties": {"no": no, "label": label}, "geometry": box(west, south, east, north)}


BOTH = [station("N", "北派出所", 30.05, 30.1), station("S", "南派出所", 30.0, 30.05)]


@pytest.fixture(scope="module")
def office(server):
    villages = [square("990919001001", "东村", 137.0), square("990919002001", "西村", 137.1)]
    for v in villages:
        v["properties"]["parent"] = v["properties"]["code"][:9]
    me = server.session("coordinator")
    sent = send(me, server, {"recipe.toml": RECIPE, "units.csv": UNITS.replace("136.", "137."), "towns.geojson": layer(square("990919001", "东镇", 137.0), square("990919002", "西镇", 137.1)), "villages.geojson": layer(*villages)})
    assert sent.status_code == 201 and sent.json()["written"], sent.text

    class Office:
        district = server.district(SCHEME)

        def get(self, path, **query):
            answer = me.get(f"{server.base}/api/v1/{path}", params=query if path == "locate" else {"district": self.district, **query})
            assert answer.status_code == 200, answer.text
            return answer.json()

        def send(self, *features, recipe=HEAD + AREAS, files=None, **params):
            answer = send(me, server, {"recipe.toml": recipe, "stations.geojson": layer(*features), **(files or {})}, **params)
            assert answer.status_code in (200, 201, 422), answer.text
            return answer.json()

        def counts(self, report, table=0):
            return [report["tables"][table][k] for k in ("added", "changed", "as_before")]

        def areas(self, code, **query):
            overlay = next(o for o in self.get("overlays")["items"] if o["code"] == code)
            return {a["code"]: a for a in self.get(f"overlays/{overlay['id']}/areas", **query)["items"]}

    return Office()


def test_a_layer_is_tried_then_imported_then_nothing_changes(office):
    tried = office.send(*BOTH, dry_run="true")
    assert not tried["written"] and tried["bad"] == [] and office.counts(tried) == [2, 0, 0] and all(o["code"] != "police" for o in office.get("overlays")["items"])
    assert office.counts(office.send(*BOTH)) == [2, 0, 0]
    before = office.areas("police")
    assert {c: a["name"] for c, a in before.items()} == {"N": "北派出所", "S": "南派出所"} and before["N"]["from"] == "2020-01-01"
    again = office.send(*BOTH)
    assert again["written"] and office.counts(again) == [0, 0, 2] and office.areas("police") == before
    overlay = [o for o in office.get("overlays")["items"] if o["code"] == "police"]
    assert [(o["code"], o["name"], o["kind"]) for o in overlay] == [("police", "派出所辖区", "派出所")]
    assert office.get(f"overlays/{overlay[0]['id']}/findings")["items"] == []


def test_a_change_holds_from_its_day_and_what_is_gone_ends(office):
    fire = AREAS.replace("police", "fire")
    office.send(*BOTH, recipe=HEAD + fire)
    later = HEAD + "changes_from = 2024-06-01\n" + fire
    moved = [station("N", "北派出所", 30.04, 30.1), station("S", "南派出所", 30.0, 30.04)]
    assert office.counts(office.send(*moved, recipe=later)) == [0, 2, 0] and office.counts(office.send(*moved, recipe=later)) == [0, 0, 2]
    assert office.areas("fire", at="2024-05-31")["N"]["area_m2"] < office.areas("fire", at="2024-06-01")["N"]["area_m2"] and office.areas("fire")["N"]["from"] == "2024-06-01"
    one = station("A", "全区派出所", 30.0, 30.1)
    ends = HEAD + 'changes_from = 2025-01-01\ngone = "end"\n' + fire
    told = office.send(one, recipe=ends)
    assert office.counts(told) == [1, 0, 0] and told["tables"][0]["gone"] == ["fire/N", "fire/S"]
    assert set(office.areas("fire", at="2024-12-31")) == {"N", "S"} and set(office.areas("fire", at="2025-01-01")) == {"A"}
    assert office.counts(office.send(one, recipe=ends)) == [0, 0, 1]


def test_bad_rows_are_told_with_what_to_do(office):
    line = {"type": "Feature", "properties": {"no": "L", "label": "线"}, "geometry": {"type": "LineString", "coordinates": [[137.0, 30.0], [137.1, 30.1]]}}
    bare = {"type": "Feature", "properties": {"no": "B", "label": "无图"}, "geometry": None}
    bow = {"type": "Feature", "properties": {"no": "X", "label": "自交"}, "geometry": {"type": "Polygon", "coordinates": [[[137.0, 30.0], [137.1, 30.1], [137.1, 30.0], [137.0, 30.1], [137.0, 30.0]]]}}
    office.send(*BOTH)
    before = office.areas("police")
    bad = office.send(station("N", "北", 30.05, 30.1), station("N", "又北", 30.0, 30.05), station("", "无码", 30.0, 30.05), station("M", "", 30.0, 30.05), line, bare, bow)
    assert not bad["written"] and {(b["row"], b["column"]) for b in bad["bad"]} == {(2, "no"), (3, "no"), (4, "label"), (5, "geometry"), (6, "geometry"), (7, "geometry")}
    assert all(b["reason"] and b["reason_zh"] for b in bad["bad"]) and office.areas("police") == before


def test_holders_come_from_a_file(office):
    squad, holders = HEAD + AREAS.replace("police", "squad"), HEAD + HOLDERS.replace("police", "squad")
    office.send(*BOTH, recipe=squad)
    files = {"people.csv": PEOPLE, "chiefs.csv": CHIEFS}
    bad = office.send(recipe=holders, files={**files, "chiefs.csv": CHIEFS + "3,Q,P1,所长,2024-01-01,\n4,N,P9,所长,2024-01-01,\n5,N,P1,民警,2019-01-01,\n"})
    assert not bad["written"] and {(b["row"], b["column"]) for b in bad["bad"]} == {(3, "area"), (4, "person"), (5, "area")}
    held = lambda: [(h["person_name"], h["post"], h["acting"], h["from"], h["to"]) for h in office.get("overlay-holders")["items"]]
    assert held() == []
    assert office.counts(office.send(recipe=holders, files=files), 1) == [2, 0, 0] and office.counts(office.send(recipe=holders, files=files), 1) == [0, 0, 2]
    assert held() == [("王所长", "所长", False, "2024-01-01", None), ("李所长", "所长", False, "2024-01-01", "2025-01-01")]
    assert office.counts(office.send(recipe=holders, files={**files, "chiefs.csv": CHIEFS.replace("2025-01-01", "2026-01-01")}), 1) == [0, 1, 1] and held()[1][4] == "2026-01-01"
    at = office.get("locate", lon=137.05, lat=30.02, at="2024-06-01")["overlays"]
    assert [(o["overlay"]["code"], o["area"]["code"], [h["person"]["name"] for h in o["holders"]]) for o in at if o["overlay"]["code"] == "squad"] == [("squad", "S", ["李所长"])]
