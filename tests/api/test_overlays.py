"""Overlays: second partitions of a district beside the tree. They are dated as cells are, told where a place is located, and change nothing of the tree."""
import subprocess
import time
import uuid

import pytest
from pyproj import Geod
from shapely import geometry

from harness import BINARY
from plans import psql
from test_hazard_loop import API, layer
from test_rights import make
from test_supervision import RECIPE
from test_transfers import send, square

SCHEME = "overlay-test"
RECIPE = RECIPE.replace("supervision-test", SCHEME).replace("990903", "990918")
UNITS = "code,name,industry,risk,lon,lat\nA,甲厂,C26,1,136.02,30.08\nB,乙厂,C33,2,136.04,30.02\nC,丙店,F52,,136.12,30.08\n"
VISITS = f"""
[district]
scheme = "{SCHEME}"
enterprise_scheme = "{SCHEME}-units"
holds_from = 2020-01-01
[[table]]
kind = "inspection"
file = "visits.csv"
columns = {{ key = "key", day = "day", enterprise = "unit", result = "result" }}
"""
SINCE = {"from": "2024-01-01"}


def box(west, south, east, north):
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


@pytest.fixture(scope="module")
def office(server):
    """A district of this file's own of two towns with a village each, with a coordinator of all of it and one of the east alone."""
    villages = [square("990918001001", "东村", 136.0), square("990918002001", "西村", 136.1)]
    for v in villages:
        v["properties"]["parent"] = v["properties"]["code"][:9]
    coordinator = server.session("coordinator")
    sent = send(coordinator, server, {"recipe.toml": RECIPE, "units.csv": UNITS, "towns.geojson": layer(square("990918001", "东镇", 136.0), square("990918002", "西镇", 136.1)), "villages.geojson": layer(*villages)})
    assert sent.status_code == 201 and sent.json()["written"], sent.text

    class Office:
        base, viewer, officer, district = server.base + API, server.session("leader"), server.session("officer"), server.district(SCHEME)

        def get(self, path, session=None, status=200, **query):
            whose = {} if "within" in query or path.startswith(("locate", "cells")) else {"district": self.district}
            answer = (session or self.viewer).get(f"{self.base}/{path}", params={**whose, **query})
            assert answer.status_code == status, answer.text
            return answer.json()

        def write(self, method, path, session=None, status=201, match="*", **body):
            answer = (session or self.coordinator).request(method, f"{self.base}/{path}", json={"district": self.district, **body}, headers={"If-Match": match} if match else {})
            assert answer.status_code == status, answer.text
            return answer.json()

        def post(self, path, session=None, status=201, **body):
            return self.write("POST", path, session, status, **body)

        def patch(self, path, session=None, status=200, **body):
            return self.write("PATCH", path, session, status, **body)

        def event(self, kind, **body):
            return self.write("POST", kind, self.officer, id=str(uuid.uuid4()), **body)

        def located(self, lon, lat, **query):
            return {o["overlay"]["code"]: (o["area"]["code"], [(h["post"], h["person"]["name"]) for h in o["holders"]]) for o in self.get("locate", lon=lon, lat=lat, **query)["overlays"]}

        def tree(self):
            """All that is told of the tree: figures of all levels, findings, cells, chain, tiles."""
            inside = {"within": f"code:{SCHEME}:990918", "from": "2024-01-01", "to": "2026-01-01"}
            rows = [self.get("figures", level=level, measures="hazard_density,inspection_coverage", **inside) for level in ("district", "town", "village")]
            findings = self.get("findings", within=f"code:{SCHEME}:990918")
            chain = {**self.get("locate", lon=136.02, lat=30.08), "overlays": None}
            tile = self.viewer.get(f"{server.base}/tiles/villages/9/449/211.mvt").content
            for answer in rows:
                del answer["version"]
            return rows, findings, self.get("cells", within=f"code:{SCHEME}:990918"), chain, tile

    one = Office()
    one.coordinator = coordinator
    one.person = one.post("people", name="王所长", phone="13800001234")["id"]
    one.east = make(server, "overlay-east", "coordinator", district=one.district, cell=one.get(f"cells/code:{SCHEME}:990918001")["id"])
    for day, unit in (("2024-03-01", (136.02, 30.08)), ("2024-04-01", (136.12, 30.02)), ("2025-04-01", (136.04, 30.02))):
        one.event("hazards", day=day, lon=unit[0], lat=unit[1], source="inspection", grade="general")
    return one


@pytest.fixture(scope="module")
def police(office):
    """Two areas across both towns: north and south."""
    one = office.post("overlays", code="police", name="派出所辖区", kind="派出所", **SINCE)
    one["areas"] = {code: office.post(f"overlays/{one['id']}/areas", code=code, name=name, geometry=box(136.0, south, 136.2, north), **SINCE)
                    for code, name, south, north in (("N", "北派出所", 30.05, 30.1), ("S", "南派出所", 30.0, 30.05))}
    return one


def test_an_overlay_lies_beside_the_tree_and_changes_nothing_of_it(office):
    before = office.tree()
    made = office.post("overlays", code="fire", name="消防辖区", kind="消防", **SINCE)
    assert made == {"id": made["id"], "district": office.district, "code": "fire", "name": "消防辖区", "kind": "消防", "from": "2024-01-01", "to": None}
    area = office.post(f"overlays/{made['id']}/areas", code="F1", name="一站", geometry=box(136.05, 30.0, 136.15, 30.1), **SINCE)
    office.post("overlay-holders", area=area["id"], person=office.person, post="站长", **SINCE)
    assert office.located(136.1, 30.05) == {"fire": ("F1", [("站长", "王所长")])} and office.located(136.02, 30.08) == {}
    assert office.tree() == before
    assert office.patch(f"overlays/{made['id']}", to="2024-06-01")["to"] == "2024-06-01"
    assert office.located(136.1, 30.05) == {} and office.located(136.1, 30.05, at="2024-05-31") == {"fire": ("F1", [("站长", "王所长")])}, "it ended, and its area and holder with it"
    assert [h["to"] for h in office.get("overlay-holders", area=area["id"])["items"]] == ["2024-06-01"]
    assert office.get("overlays", at="2024-06-01")["items"] == [] and office.get("overlays", at="2024-05-31")["items"][0]["id"] == made["id"]
    assert office.tree() == before


def test_areas_are_listed_drawn_and_located(office, police, tmp_path):
    listed = office.get(f"overlays/{police['id']}/areas")["items"]
    assert listed == [police["areas"]["N"], police["areas"]["S"]] and [a["code"] for a in listed] == ["N", "S"]
    assert listed[0]["area_m2"] == pytest.approx(abs(Geod(ellps="GRS80").polygon_area_perimeter([136.0, 136.2, 136.2, 136.0], [30.05, 30.05, 30.1, 30.1])[0]), rel=1e-4)
    drawn = office.viewer.get(f"{office.base}/overlays/{police['id']}/areas", params={"district": office.district, "format": "geojson"}).json()
    assert [f["properties"] for f in drawn["features"]] == listed and drawn["features"][0]["geometry"]["type"] == "MultiPolygon"
    one = office.viewer.get(f"{office.base}/overlay-areas/{listed[1]['id']}", params={"district": office.district, "format": "geojson"})
    assert one.headers["Content-Type"].startswith("application/geo+json") and one.json() == drawn["features"][1]
    assert office.get(f"overlay-areas/{listed[1]['id']}") == listed[1]
    sheet = office.viewer.get(f"{office.base}/overlays/{police['id']}/areas", params={"district": office.district, "format": "csv"})
    assert sheet.status_code == 200 and "北派出所" in sheet.content.decode("utf-8-sig")
    for cell in ("990918", "990918001"):
        file = office.viewer.post(office.base + "/exports", json={"what": "overlay_areas", "format": "gpkg", "cell": f"code:{SCHEME}:{cell}", "at": "2024-06-01"})
        assert file.status_code == 200, file.text
        (tmp_path / "areas.gpkg").write_bytes(file.content)
        said = subprocess.run(["ogrinfo", "-ro", "-al", tmp_path / "areas.gpkg"], capture_output=True, text=True, check=True).stdout
        assert [line.split(" = ")[1] for line in said.splitlines() if line.startswith("  code (") and line.split(" = ")[1] in ("N", "S")] == ["N", "S"] and "MULTIPOLYGON" in said
    assert office.located(136.02, 30.08)["police"] == ("N", []) and office.located(136.12, 30.02)["police"] == ("S", [])
    assert office.located(136.02, 30.05)["police"][0] == "N", "the lowest code has the border"
    assert "police" not in office.located(136.02, 30.08, at="2023-12-31")
    office.get(f"overlays/{police['id']}/areas", at="2023-12-31") and office.get("overlays/999999/areas", status=404)
    office.get(f"overlay-areas/{listed[1]['id']}", status=404, at="2023-12-31")


def test_an_area_changes_from_a_day_on_and_what_was_known_stays(office, police, server):
    other = office.post("overlays", code="squad", name="中队", kind="中队", **SINCE)
    area = office.post(f"overlays/{other['id']}/areas", code="Z1", name="一中队", geometry=box(136.0, 30.0, 136.1, 30.1), **SINCE)
    path = f"overlay-areas/{area['id']}"
    time.sleep(0.01)
    known_at = psql(server, "select clock_timestamp()::text").strip().replace(" ", "T").replace("+00", "Z")
    moved = office.patch(path, match=area["version"], geometry=box(136.1, 30.0, 136.2, 30.1), name="一中队（新）", reason="调整", **{"from": "2025-01-01"})
    assert moved["changed"] and moved["version"] != area["version"]
    assert [("squad" in office.located(lon, 30.08, at=day)) for lon, day in ((136.02, "2024-12-31"), (136.02, "2025-01-01"), (136.12, "2024-12-31"), (136.12, "2025-01-01"))] == [True, False, False, True]
    assert office.get(path, at="2024-12-31")["name"] == "一中队" and office.get(path, at="2025-01-01")["name"] == "一中队（新）"
    assert office.get(path, at="2025-01-01", known_at=known_at)["name"] == "一中队"
    assert office.patch(path, match=area["version"], status=412, name="x", **{"from": "2025-01-01"}) and office.patch(path, match=None, status=428, name="x", **{"from": "2025-01-01"})
    assert office.patch(path, match=moved["version"], name="一中队（新）", **{"from": "2025-01-01"})["changed"] is False
    history = office.get(path + "/history")["items"]
    assert [(h["name"], h["valid"]["from"], h["valid"]["to"]) for h in history] == [("一中队", "2024-01-01", "2025-01-01"), ("一中队（新）", "2025-01-01", None)]
    assert len(office.get(path + "/history", superseded="true", geometry="true")["items"]) == 3
    # Codes, days and shapes that cannot be.
    areas = f"overlays/{other['id']}/areas"
    good = {"code": "Z2", "name": "二中队", "geometry": box(136.0, 30.0, 136.1, 30.1), **SINCE}
    bow = {"type": "Polygon", "coordinates": [[[136.0, 30.0], [136.1, 30.1], [136.1, 30.0], [136.0, 30.1], [136.0, 30.0]]]}
    for wrong, status in (({"code": "Z1"}, 409), ({"from": "2023-12-31"}, 422), ({"to": "2024-01-01"}, 422), ({"geometry": bow}, 422), ({"name": ""}, 400)):
        office.post(areas, status=status, **{**good, **wrong})
    office.post("overlays", status=409, code="squad", name="又一个", kind="中队", **SINCE)
    office.patch(f"overlays/{other['id']}", status=422, **{"from": "2024-02-01"})
    office.patch(path, status=422, name="x", **{"from": "2023-01-01"})
    office.patch("overlay-areas/999999", status=404, name="x", **SINCE)
    office.post("overlays/999999/areas", status=404, **good)
    # Who holds a post, while the area is there.
    held = office.post("overlay-holders", area=area["id"], person=office.person, post="队长", **SINCE)
    assert held == {"id": held["id"], "district": office.district, "area": area["id"], "person": office.person, "person_name": "王所长", "post": "队长", "acting": False, "from": "2024-01-01", "to": None}
    assert office.located(136.12, 30.08)["squad"] == ("Z1", [("队长", "王所长")])
    assert office.get("locate", lon=136.12, lat=30.08)["overlays"][-1]["holders"][0]["person"]["phone"] == "138****1234"
    assert office.get(path)["holders"] == [{"id": held["id"], "post": "队长", "acting": False, "person": office.person, "person_name": "王所长"}]
    for wrong, status in (({"from": "2023-01-01", "post": "副队长"}, 422), ({"person": 999999}, 422), ({"area": 999999}, 422), ({}, 409)):
        office.post("overlay-holders", status=status, **{"area": area["id"], "person": office.person, "post": "队长", **SINCE, **wrong})
    assert office.patch(f"overlay-holders/{held['id']}", to="2025-01-01", acting=True)["acting"] and office.located(136.12, 30.08)["squad"] == ("Z1", [])
    assert office.patch(path, to="2025-06-01", **{"from": "2025-01-01"})["changed"] and "squad" not in office.located(136.12, 30.08)
    assert office.coordinator.delete(f"{office.base}/overlay-holders/{held['id']}", params={"district": office.district}).status_code == 204 and office.get("overlay-holders", area=area["id"])["items"] == []
    trail = psql(server, f"select entity || ' ' || action from audit where district_id = {office.district} and entity_id = '{area['id']}' and entity = 'overlay_area' order by id").splitlines()
    assert trail == ["overlay_area create", "overlay_area change", "overlay_area change"]
    assert psql(server, f"select count(*) from notice where district_id = {office.district} and topic = 'overlay_area.change'").strip() != "" and psql(server, "set role gridward_app; select has_table_privilege('gridward_app', 'overlay_area', 'trigger')").strip().endswith("f")


def test_overlays_are_kept_by_coordinators_of_the_whole_district(office, police, server):
    elsewhere = make(server, "overlay-elsewhere", "viewer", district=server.district())
    office.get("overlays", elsewhere, 403), office.get(f"overlays/{police['id']}/areas", elsewhere, 403), office.get("overlay-holders", elsewhere, 403)
    area = police["areas"]["N"]
    office.get(f"overlay-areas/{area['id']}", elsewhere, 403), office.get(f"overlay-areas/{area['id']}/history", elsewhere, 403)
    assert office.get(f"overlays/{police['id']}/areas", office.east)["items"][0]["code"] == "N", "who keeps a part of the district reads them"
    office.post("overlays", office.east, 403, code="x", name="x", kind="x", **SINCE)
    office.post(f"overlays/{police['id']}/areas", office.east, 403, code="x", name="x", geometry=box(136.0, 30.0, 136.1, 30.1), **SINCE)
    office.patch(f"overlay-areas/{area['id']}", office.east, 403, name="x", **{"from": "2024-01-01"})
    office.post("overlay-holders", office.east, 403, area=area["id"], person=office.person, post="x", **SINCE)
    office.post("overlays", office.viewer, 403)


def test_an_overlay_is_validated_apart_from_the_tree(office, server):
    """A gap, an overlap and what lies outside are told with their measures, which pyproj and shapely confirm; the tree's own findings stay as they are."""
    of_tree = office.get("findings", within=f"code:{SCHEME}:990918")
    one = office.post("overlays", code="checked", name="检查", kind="中队", **SINCE)
    areas, path = f"overlays/{one['id']}/areas", f"overlays/{one['id']}/findings"
    west = office.post(areas, code="W", name="西", geometry=box(136.0, 30.0, 136.1, 30.1), **SINCE)
    east = office.post(areas, code="E", name="东", geometry=box(136.1, 30.0, 136.2, 30.1), **SINCE)
    clean = office.get(path)
    assert clean["counts"] == {} and clean["items"] == [] and clean["overlay"] == {k: one[k] for k in ("id", "code", "name", "kind")}
    # East shrinks by a strip in the north, reaches over the west's border, and a little outside.
    shape = geometry.Polygon([(136.099, 30.0), (136.201, 30.0), (136.201, 30.09), (136.099, 30.09)])
    office.patch(f"overlay-areas/{east['id']}", geometry=geometry.mapping(shape), **{"from": "2024-07-01"})
    district, other = geometry.box(136.0, 30.0, 136.2, 30.1), geometry.box(136.0, 30.0, 136.1, 30.1)
    measured = lambda g: abs(Geod(ellps="GRS80").geometry_area_perimeter(g)[0])
    expected = {"gap": measured(district - (shape | other)), "overlap": measured(shape & other), "outside_parent": measured(shape - district)}
    found = office.get(path)
    assert {f["kind"]: f["area_m2"] for f in found["items"]} == {k: pytest.approx(v, rel=0.01) for k, v in expected.items()} and found["counts"] == {k: 1 for k in expected}
    by = {f["kind"]: f for f in found["items"]}
    assert {by["overlap"]["cell"]["id"], *(o["id"] for o in by["overlap"]["others"])} == {west["id"], east["id"]} and by["outside_parent"]["cell"] == {"id": east["id"], "code": "E", "name": "东"}
    assert by["gap"]["cell"]["code"] == "990918" and by["gap"]["message"]["zh"].find("“检查”") > 0 and 1100 < by["gap"]["width_m"] < 1112, "0.01 degrees are 1,109 m"
    assert all(f["repair"] == [] for f in found["items"])
    assert office.get(path, at="2024-06-30")["items"] == [] and office.get(path, kind="gap,overlap")["counts"] == {"gap": 1, "overlap": 1}
    page = office.get(path, limit=1)
    assert [f["kind"] for f in page["items"]] + [f["kind"] for f in office.get(path, after=page["next"])["items"]] == [f["kind"] for f in found["items"]]
    drawn = office.viewer.get(f"{office.base}/{path}", params={"district": office.district, "format": "geojson"}).json()
    assert drawn["features"][0]["geometry"]["type"] == "MultiPolygon"
    assert office.get("findings", within=f"code:{SCHEME}:990918") == of_tree
    office.get("overlays/999999/findings", status=404), office.get(path, status=404, at="2023-01-01")
    told = subprocess.run([BINARY, "check", "overlays", "--database", server.database], capture_output=True, text=True)
    assert told.returncode == 1 and f"({SCHEME})" in told.stdout and "overlay checked" in told.stdout, told.stdout + told.stderr
    office.patch(f"overlays/{one['id']}", to="2024-08-01")


def test_figures_by_area_sum_to_the_district_and_agree_with_an_independent_count(office, police, server):
    """Areas and what lies in none make the district's own figures; each count is shapely's of the events' points."""
    unit = {e["code"]: e["id"] for e in office.get("enterprises")["items"]}
    for day, what in (("2024-05-01", {"lon": 136.15, "lat": 30.09}), ("2024-05-02", {"lon": 136.15, "lat": 30.05}), ("2024-05-03", {"enterprise": unit["B"]}), ("2024-05-04", {"lon": 140.0, "lat": 30.0}), ("2024-05-05", {})):
        office.event("hazards", day=day, source="patrol", grade="general", **what)
    office.event("hazards", day="2024-06-01", closed_on="2024-07-01", lon=136.03, lat=30.01, source="patrol", grade="general")
    visits = send(office.coordinator, server, {"recipe.toml": VISITS, "visits.csv": "key,day,unit,result\n1,2024-03-05,A,completed\n2,2024-03-06,B,completed\n3,2024-03-07,B,attempted\n4,2023-12-31,B,completed\n"})
    assert visits.status_code == 201 and visits.json()["written"], visits.text
    window = {"from": "2024-01-01", "to": "2025-01-01"}
    path, ground = f"overlays/{police['id']}/figures", {"N": geometry.box(136.0, 30.05, 136.2, 30.1), "S": geometry.box(136.0, 30.0, 136.2, 30.05)}
    told = office.get(path, within=f"code:{SCHEME}:990918", **window)
    assert told["at"] == "2024-12-31" and told["overlay"]["code"] == "police"
    of = lambda row: {m: row["figures"][m]["numerator"] for m in ("hazard_density", "open_hazard_density", "inspection_density", "enterprise_density")}
    rows = {r["area"]["code"]: of(r) for r in told["rows"]} | {None: of(told["outside"])}
    # By shapely, from the lists of the records: an event by its own point, else by its enterprise's; the lowest code on a border.
    units = {e["id"]: (e["lon"], e["lat"]) for e in office.get("enterprises", at="2024-12-31")["items"]}
    place = lambda at: next((code for code in ("N", "S") if at and ground[code].intersects(geometry.Point(*at))), None)
    where = lambda e: place((e["lon"], e["lat"]) if e["lon"] is not None else units.get(e["enterprise"]))
    expected = {code: dict.fromkeys(told["total"]["figures"], 0) for code in ("N", "S", None)}
    for e in office.get("hazards", limit=1000, **window)["items"]:
        expected[where(e)]["hazard_density"] += 1
        expected[where(e)]["open_hazard_density"] += e["closed_on"] is None or e["closed_on"] >= "2025-01-01"
    for e in office.get("inspections", limit=1000, **window)["items"]:
        expected[where(e)]["inspection_density"] += e["result"] == "completed"
    for at in units.values():
        expected[place(at)]["enterprise_density"] += 1
    assert rows == expected and min(expected["N"].values()) > 0 and expected[None]["hazard_density"] == 2
    assert of(told["total"]) == {m: sum(r[m] for r in rows.values()) for m in of(told["total"])}
    # The tree counts the same.
    tree = office.get("figures", within=f"code:{SCHEME}:990918", level="town", measures="hazard_density,open_hazard_density,inspection_visits", **window)
    everything = lambda m: sum(r["figures"][m]["numerator"] for r in [*tree["rows"], *tree["direct"], tree["unplaced"]])
    assert [everything(m) for m in ("hazard_density", "open_hazard_density", "inspection_visits")] == [of(told["total"])[m] for m in ("hazard_density", "open_hazard_density", "inspection_density")]
    north = next(r for r in told["rows"] if r["area"]["code"] == "N")["figures"]["hazard_density"]
    km2 = abs(Geod(ellps="GRS80").geometry_area_perimeter(ground["N"])[0]) / 1e6
    assert north["denominator"] == pytest.approx(km2, rel=1e-4) and north["value"] == pytest.approx(north["numerator"] / km2, rel=1e-4) and north["low"] < north["value"] < north["high"]
    assert told["outside"]["figures"]["hazard_density"]["reason"] == "no_area"
    # Within a town: what counts for it, and the part of each area that lies in it.
    east = office.get(path, within=f"code:{SCHEME}:990918001", **window)
    of_town = office.get("figures", within=f"code:{SCHEME}:990918001", level="town", measures="hazard_density", **window)["rows"][0]["figures"]["hazard_density"]
    assert of(east["total"])["hazard_density"] == of_town["numerator"] < of(told["total"])["hazard_density"] and east["rows"][0]["figures"]["hazard_density"]["denominator"] == pytest.approx(km2 / 2, rel=1e-3)
    assert of(office.get(path, office.east, within=f"code:{SCHEME}:990918001", **window)["total"]) == of(east["total"])
    office.get(path, office.east, 403, within=f"code:{SCHEME}:990918", **window)
    office.get(path, status=400, within=f"code:{SCHEME}:990918", **{"from": "2024-01-01"})
