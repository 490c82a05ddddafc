"""What plans do to land and to those who live by it: cells merge, split, close and pass land, and events and scopes follow."""
import time
import uuid

import pytest

from plans import District, psql
from test_reassignments import assign, holder, parent, visits
from test_rights import make


@pytest.fixture(scope="module")
def land(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("land"), "land", 2, 118.5, enterprises=60, events=400)


def total(office, **query):
    """Of each measure over all rows."""
    answer = office.figures(**query)
    rows = answer["rows"] + answer["direct"] + [answer["unplaced"]]
    return {m: sum(r["figures"][m]["numerator"] for r in rows) for m in ("hazard_density", "open_hazard_density", "inspection_visits")}


@pytest.mark.parametrize("survives", [False, True])
def test_a_merge_keeps_all_and_can_be_taken_back(land, survives):
    said, was, now, last_year, n = land.said(), total(land), total(land, mode="as_is"), land.figures(), [visits(land, v) for v in ("V00", "V01")]
    into = {"cell": land.code("V00")} if survives else {"code": "V0M", "name": "合村"}
    plan = land.carry({"kind": "merge", "sources": [land.code("V00"), land.code("V01")], "into": into})
    code = "V00" if survives else "V0M"
    assert plan["operations"][0]["effect"]["into"] and visits(land, code) == sum(n) and visits(land, "V01") is None
    assert total(land, mode="as_is") == now, "what only names a code that ended counts for its heir"
    assert land.figures() == last_year and total(land) == was
    land.recounted()
    history = land.leader.get(land.server.base + f"/api/v1/cells/{land.cell['V01']}/history", params={"geometry": "true"}).json()
    assert [(h["from"], h["to"], h["share"]) for h in history["lineage"]] == [(land.cell["V01"], plan["operations"][0]["effect"]["into"], 1)]
    assert history["shape"][0]["geometry"]["type"] == "MultiPolygon" and history["life"][0]["valid"]["to"] == str(land.today)
    land.take_back(plan)
    assert land.said() == said and total(land, mode="as_is") == now and land.figures() == last_year
    land.recounted()


def mismatches(office):
    """Borders of the district that do not match edge by edge."""
    return office.leader.get(office.server.base + "/api/v1/findings", params={"within": f"code:{office.scheme}:D", "kind": "edge_mismatch"}).json()["items"]


def test_a_split_by_a_line_by_polygons_and_what_lands_nowhere(land):
    said, now, last_year = land.said(), total(land, mode="as_is"), land.figures()
    x, y = land.box["V10"]
    targets = [{"code": "V1W", "name": "西村"}, {"code": "V1E", "name": "东村"}]
    line = {"type": "LineString", "coordinates": [[x + 0.005, y - 0.1], [x + 0.005, y + 0.1]]}
    plan = land.carry({"kind": "split", "cell": land.code("V10"), "line": line, "targets": targets})
    west, east = plan["operations"][0]["effect"]["targets"]
    assert mismatches(land) == [], "neighbours have the corners that the line makes on their sides"
    area = lambda cell: land.leader.get(land.server.base + f"/api/v1/cells/{cell}").json()["area_km2"]
    lineage = land.leader.get(land.server.base + f"/api/v1/cells/{land.cell['V10']}/history").json()["lineage"]
    assert [h["share"] for h in lineage] == pytest.approx([0.25, 0.75], rel=1e-6) and area(east) == pytest.approx(3 * area(west), rel=1e-4)
    for e, (lon, _) in land.point.items():
        if parent(land, e) in (west, east):
            assert (parent(land, e) == west) == (lon < x + 0.005)
    assert total(land, mode="as_is") == now and land.figures() == last_year
    land.recounted()
    land.take_back(plan)
    assert land.said() == said
    polygon = {"type": "Polygon", "coordinates": [[[x, y], [x + 0.01, y], [x + 0.01, y + 0.02], [x, y + 0.02], [x, y]]]}
    targets[0]["geometry"] = polygon
    plan = land.carry({"kind": "split", "cell": land.code("V10"), "targets": targets})
    assert total(land, mode="as_is") == now
    land.take_back(plan)
    targets[1]["geometry"] = {"type": "Polygon", "coordinates": [[[x + 0.011, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x + 0.011, y + 0.02], [x + 0.011, y]]]}
    assert "in no target" in land.draft({"kind": "split", "cell": land.code("V10"), "targets": targets}, status=422)["detail"]
    assert "into 1 pieces" in land.draft({"kind": "split", "cell": land.code("V10"), "targets": targets, "line": {"type": "LineString", "coordinates": [[x, y], [x + 0.01, y + 0.01]]}}, status=422)["detail"]
    assert land.said() == said


def test_a_border_passes_land_between_villages_and_their_towns(land):
    said, now = land.said(), total(land, mode="as_is")
    (x, y), town = land.box["V01"], land.leader.get(land.server.base + f"/api/v1/cells/{land.cell['T0']}").json()["area_km2"]
    grown = {"type": "Polygon", "coordinates": [[[x, y], [x + 0.025, y], [x + 0.025, y + 0.02], [x, y + 0.02], [x, y]]]}
    plan = land.carry({"kind": "boundary", "cell": land.code("V01"), "geometry": grown})
    gain = plan["operations"][0]["effect"]["land"]
    assert mismatches(land) == []
    assert [(g["from"], g["to"]) for g in gain] == [(land.cell["V10"], land.cell["V01"])]
    assert land.leader.get(land.server.base + f"/api/v1/cells/{land.cell['T0']}").json()["area_km2"] == pytest.approx(town + gain[0]["m2"] / 1e6, rel=1e-4)
    inside = [e for e, (lon, lat) in land.point.items() if x < lon < x + 0.025 and y < lat < y + 0.02]
    assert inside and all(parent(land, e) == land.cell["V01"] for e in inside)
    assert total(land, mode="as_is") == now
    land.recounted()
    land.take_back(plan)
    assert land.said() == said
    shrunk = {"type": "Polygon", "coordinates": [[[x, y], [x + 0.015, y], [x + 0.015, y + 0.02], [x, y + 0.02], [x, y]]]}
    assert "which neighbour" in land.draft({"kind": "boundary", "cell": land.code("V01"), "geometry": shrunk}, status=422)["detail"]


def test_a_cell_closes_when_nothing_is_left_of_it_and_opens_again(land):
    said = land.said()
    assert "below the cell" in land.draft({"kind": "close", "cell": land.code("V02")}, status=422)["detail"]
    closed = land.carry({"kind": "close", "cell": land.code("e0")})
    assert land.leader.get(land.server.base + f"/api/v1/cells/{land.cell['e0']}").status_code == 404
    opened = land.carry({"kind": "reopen", "cell": land.code("e0")})
    assert land.leader.get(land.server.base + f"/api/v1/cells/{land.cell['e0']}").json()["code"] == "e0"
    land.take_back(opened)
    land.take_back(closed)
    assert land.said() == said


def test_two_exchange_their_posts_or_parents(land):
    one, two = land.people[:2]
    land.draft(assign(land, "V00", one), assign(land, "V10", two), apply=True)
    land.carry({"kind": "swap", "cell": land.code("V00"), "with": land.code("V10"), "post": "safety_officer"})
    assert holder(land, "V00", land.today) == [two] and holder(land, "V10", land.today) == [one]
    said = land.said()
    plan = land.carry({"kind": "swap", "cell": land.code("V00"), "with": land.code("V10")})
    assert parent(land, "V00") == land.cell["T1"] and parent(land, "V10") == land.cell["T0"]
    land.take_back(plan)
    assert land.said() == said


def test_open_hazards_and_cases_follow_what_the_plan_says(land):
    officer = land.server.session("coordinator")
    inside = officer.get(land.server.base + "/api/v1/hazards", params={"cell": land.code("V03"), "mode": "as_is", "limit": 1000}).json()["items"]
    still_open = [h["id"] for h in inside if h["state"] != "closed"]
    case = officer.post(land.server.base + f"/api/v1/hazards/{still_open[0]}/steps", json={"step": "transferred", "day": str(land.today), "transferred_to": "执法大队", "person": "甲", "reason": "移送"},
                        headers={"If-Match": "*"})
    assert case.status_code == 201, case.text
    kept = lambda plan: {h["hazard"] for h in land.leader.get(land.url(plan["id"], "kept-hazards")).json()["items"] if h["to"] is None}
    move = {"kind": "move_cell", "cell": land.code("V03"), "parent": land.code("T1")}
    compared = land.leader.post(land.url(land.draft(move)["id"], "compare"), params={"level": "village", "from": "2024-01-01", "to": "2025-01-01"}).json()
    assert (compared["effects"]["open_hazards"], compared["effects"]["open_cases"]) == (len(still_open) - 1, 1)
    assert compared["effects"]["cases"] == [{"hazard": still_open[0], "before": land.cell["V03"], "after": land.cell["V03"], "stays": True}]
    inside = land.leader.get(land.server.base + "/api/v1/enterprises", params={"cell": land.code("V03"), "limit": 1000}).json()["items"]
    assert compared["affected"] == {"enterprises": len(inside), "enterprise_cells": sorted(e["id"] for e in inside)} and inside
    plan = land.carry(move)
    assert kept(plan) == {still_open[0]}, "cases stay, follow-ups move, where nothing else is said"
    land.take_back(plan)
    assert kept(plan) == set()
    plan = land.carry(move, open_hazards="stay", open_cases="move")
    assert kept(plan) == set(still_open[1:])
    land.take_back(plan)


def test_scopes_follow_a_merge(land):
    scoped = make(land.server, "village-viewer", "viewer", district=land.id, cell=land.cell["V04"])
    plan = land.carry({"kind": "merge", "sources": [land.code("V04"), land.code("V05")], "into": {"code": "V0S", "name": "合"}})
    cell = plan["operations"][0]["effect"]["into"]
    time.sleep(1.1)  # what a session may see is kept for a second at most
    assert scoped.get(land.server.base + f"/api/v1/cells/{cell}").status_code == 200
    land.take_back(plan)
    time.sleep(1.1)
    assert scoped.get(land.server.base + f"/api/v1/cells/{land.cell['V04']}").status_code == 200
    assert psql(land.server, f"select count(*) from account_grant where cell_id = {cell}").strip() == "0"


def test_a_comparison_is_what_then_comes(land):
    query = {"from": "2023-01-01", "to": "2026-01-01", "measures": "hazard_density,inspection_visits,inspection_coverage"}
    plan = land.draft({"kind": "merge", "sources": [land.code("V12"), land.code("V13")], "into": {"code": "V1M", "name": "合"}}, {"kind": "move_cell", "cell": land.code("V02"), "parent": land.code("T1")})
    said, version = land.said(), psql(land.server, f"select sum(data) from district_version where district_id = {land.id}")
    told = {level: land.leader.post(land.url(plan["id"], "compare"), params={"level": level, **query}).json() for level in ("village", "town")}
    assert land.said() == said and psql(land.server, f"select sum(data) from district_version where district_id = {land.id}") == version, "nothing is written by looking"
    asked = lambda level: {r["cell"]["code"]: r["figures"] for r in land.figures(level=level, mode="as_of", as_of=str(land.today), **query)["rows"]}
    before = {level: asked(level) for level in told}
    plan = land.act(land.act(plan, "approve", who=land.approver), "apply")
    after = {level: asked(level) for level in told}
    bare = lambda figures: {m: {k: v for k, v in f.items() if "records" not in k} for m, f in figures.items()}
    for level, document in told.items():
        by_code = lambda when: {r[when]["cell"]["code"]: r[when]["figures"] for r in document["rows"] if r[when]}
        for when, right in (("before", before[level]), ("after", after[level])):
            assert {c: bare(f) for c, f in by_code(when).items()} == {c: bare(right[c]) for c in by_code(when)}
    assert {r["after"]["cell"]["code"] for r in told["village"]["rows"] if r["after"]} == {"V1M", "V02"} and len(told["town"]["rows"]) == 2
    land.take_back(plan)


def test_a_post_in_a_cell_that_the_same_plan_makes_is_foreseen(land):
    """The cells that a plan makes are the same ones each time that it is carried out, and when it is applied: what is foreseen of their posts, their events and themselves stands together."""
    x, y = land.box["V10"]
    line = {"type": "LineString", "coordinates": [[x + 0.005, y - 0.1], [x + 0.005, y + 0.1]]}
    split = {"kind": "split", "cell": land.code("V10"), "line": line, "targets": [{"code": "V1P", "name": "西村"}, {"code": "V1Q", "name": "东村"}]}
    plan = land.draft(split, assign(land, "V1Q", land.people[1]))
    query = {"from": "2023-01-01", "to": str(land.today.replace(year=land.today.year + 1)), "measures": "hazard_density,officers_per_100_enterprises", "level": "village"}
    told = {r["after"]["cell"]["code"]: r["after"] for r in land.leader.post(land.url(plan["id"], "compare"), params=query).json()["rows"] if r["after"]}
    assert {code: row["figures"]["officers_per_100_enterprises"]["numerator"] for code, row in told.items()} == {"V1P": 0, "V1Q": 1}
    plan = land.act(land.act(plan, "approve", who=land.approver), "apply")
    assert [told[code]["cell"]["id"] for code in ("V1P", "V1Q")] == plan["operations"][0]["effect"]["targets"]
    applied = {r["cell"]["code"]: r["figures"] for r in land.figures(mode="as_of", as_of=str(land.today), **{k: v for k, v in query.items() if k != "level"})["rows"]}
    for code, row in told.items():
        for measure, figure in row["figures"].items():
            assert (figure["numerator"], figure["denominator"]) == (applied[code][measure]["numerator"], applied[code][measure]["denominator"])
    land.take_back(plan)


def test_who_looks_after_a_cell_does_until_it_ends(land):
    """A contact point (责任联系点) ends with its cell, which is told before, and comes back with it."""
    points = lambda day: [(c["cell"], c["from"], c["to"]) for c in land.leader.get(land.server.base + "/api/v1/contact-points", params={"district": land.id, "at": str(day)}).json()["items"]]  # noqa: E731
    made = land.coordinator.post(land.server.base + "/api/v1/contact-points", json={"cell": land.code("V12"), "person": land.people[0], "from": "2024-01-01"})
    assert made.status_code == 201, made.text
    here = [(land.cell["V12"], "2024-01-01", None)]
    operation = {"kind": "merge", "sources": [land.code("V12"), land.code("V13")], "into": {"cell": land.code("V13")}}
    plan = land.draft(operation)
    told = land.leader.post(land.url(plan["id"], "validate")).json()["problems"]
    assert [(p["kind"], p["severity"], p["cell"]) for p in told] == [("contact_point_ends", "warning", land.cell["V12"])]
    assert points(land.today) == here, "nothing is written by looking"
    plan = land.act(land.act(plan, "approve", who=land.approver), "apply")
    assert points(land.today) == [] and points("2024-06-01") == [(land.cell["V12"], "2024-01-01", str(land.today))]
    land.take_back(plan)
    assert points(land.today) == here
    assert land.coordinator.delete(land.server.base + f"/api/v1/contact-points/{made.json()['id']}", params={"district": land.id}).status_code == 204


def test_a_comparison_follows_events_that_are_written_after_it(land):
    """A plan that only moves villages is not carried out anew when events are written, and tells of them all the same: as the plan does that is applied then."""
    plan = land.draft({"kind": "move_cell", "cell": land.code("V01"), "parent": land.code("T1")})
    query = {"from": "2023-01-01", "to": str(land.today.replace(year=land.today.year + 1)), "measures": "hazard_density,open_hazard_density,inspection_visits", "level": "town"}
    told = lambda: land.leader.post(land.url(plan["id"], "compare"), params=query).json()  # noqa: E731
    first = told()
    x, y = land.box["V01"]
    for number in range(3):
        answer = land.coordinator.post(land.server.base + "/api/v1/hazards", json={"id": str(uuid.uuid4()), "district": land.id, "at": f"{land.today}T00:0{number}:00+08:00", "source": "patrol", "grade": "general", "category": "消防", "lon": x + 0.01, "lat": y + 0.01})
        assert answer.status_code == 201, answer.text
    then = told()
    assert then["effects"]["open_hazards"] == first["effects"]["open_hazards"] + 3
    count = lambda document, side: {r[side]["cell"]["code"]: r[side]["figures"]["hazard_density"]["numerator"] for r in document["rows"]}  # noqa: E731
    assert count(then, "before") == {"T0": count(first, "before")["T0"] + 3, "T1": count(first, "before")["T1"]}
    assert count(then, "after") == {"T0": count(first, "after")["T0"], "T1": count(first, "after")["T1"] + 3}
    loads = lambda document: sum(p["after"]["open_hazards"] for p in document["loads"]["people"] if p["after"])  # noqa: E731
    assert loads(then) >= loads(first)
    plan = land.act(land.act(plan, "approve", who=land.approver), "apply")
    applied = {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in land.figures(level="town", mode="as_of", as_of=str(land.today), **{k: v for k, v in query.items() if k not in ("level",)})["rows"]}
    assert applied == count(then, "after")
    land.take_back(plan)
