"""Handovers that are not signed in time are told to the superior, once; and enforcement that passes to a town whose body is not entrusted with it is told of as the district's."""
import time

import pytest

from plans import District, psql


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("escalation"), "escalation", 8, 122.0)


def assign(office, cell, person, post="safety_officer", **more):
    return {"kind": "assign", "cell": office.code(cell), "post": post, "person": person, **more}


def read(office, plan):
    return office.leader.get(office.url(plan["id"])).json()


def overdue(office):
    answer = office.leader.get(office.url(), params={"district": office.id, "unsigned": "overdue"})
    assert answer.status_code == 200, answer.text
    return [p["id"] for p in answer.json()["items"]]


def told(office, plan):
    return psql(office.server, f"""select payload->>'person', payload->>'superior' from
      (select topic, payload from outbox union all select topic, payload from notice) t where topic = 'notice.unacknowledged' and payload->>'plan' = '{plan['id']}'""").splitlines()


def applied_before(office, plan, days):
    psql(office.server, f"update reassignment set settled_at = settled_at - interval '{days} days' where id = '{plan['id']}'")


def until(condition):
    for _ in range(120):
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_who_does_not_sign_is_told_of_to_the_superior_once(office):
    head, officer, other = office.people[:3]
    office.carry(assign(office, "T0", head, "town_head"))
    plan, signed, fresh = (office.carry(assign(office, v, p)) for v, p in (("V00", officer), ("V01", other), ("V02", other)))
    assert office.coordinator.post(office.url(signed["id"], "acknowledge"), json={"person": other}).status_code == 200
    assert [r["superior"] for r in plan["receipts"]] == [None] and plan["receipts"][0]["due_at"] is not None
    for one, days in ((plan, 3.1), (signed, 3.1), (fresh, 2.9)):  # three days by default
        applied_before(office, one, days)
    assert until(lambda: read(office, plan)["receipts"][0]["escalated_at"])
    receipt = read(office, plan)["receipts"][0]
    assert (receipt["person"], receipt["superior"], receipt["superior_name"], receipt["acknowledged_at"]) == (officer, head, "人0", None)
    assert overdue(office) == [plan["id"]]
    time.sleep(11)  # two more rounds of the server's clock
    assert told(office, plan) == [f"{officer}\t{head}"] and told(office, signed) == told(office, fresh) == []
    assert read(office, fresh)["receipts"][0]["escalated_at"] is None
    assert office.coordinator.post(office.url(plan["id"], "acknowledge"), json={"person": officer}).json()["status"] == "acknowledged"
    assert overdue(office) == []


def test_a_district_sets_in_how_many_days_it_is_signed(office):
    plan = office.carry(assign(office, "V03", office.people[3]))
    body = {"district": office.id, "scale": "handover", "grade": "acknowledge_days", "weight": 1, "from": "2020-01-01"}
    assert office.coordinator.post(office.server.base + "/api/v1/figure-weights", json={**body, "grade": "patrol"}).status_code == 422
    applied_before(office, plan, 1.5)
    time.sleep(6)
    assert read(office, plan)["receipts"][0]["escalated_at"] is None
    assert office.coordinator.post(office.server.base + "/api/v1/figure-weights", json=body).status_code == 201
    assert until(lambda: read(office, plan)["receipts"][0]["escalated_at"])
    assert read(office, plan)["id"] in overdue(office)


def problems(office, *operations):
    plan = office.draft(*operations)
    answer = office.leader.post(office.url(plan["id"], "validate"))
    assert answer.status_code == 200, answer.text
    return [(p["kind"], p["severity"], p["cell"], p.get("acts")) for p in answer.json()["problems"]]


def test_enforcement_that_passes_to_a_town_that_is_not_entrusted_is_the_districts(office):
    into_west, into_east = ({"kind": "move_cell", "cell": office.code(v), "parent": office.code(t)} for v, t in (("V11", "T0"), ("V05", "T1")))
    post = assign(office, "T1", office.people[4], "enforcement_officer")
    assert problems(office, into_west) == problems(office, into_east) == [], "a district that entrusts nobody"
    made = office.coordinator.post(office.server.base + "/api/v1/entrustments", json={
        "cell": office.code("T0"), "department": "应急管理局", "body": "T0 综合执法队", "document_no": "委托一号", "published": "https://example.org/1",
        "matters": ["安全生产非事故类"], "powers": ["检查", "处罚"], "from": "2024-01-01", "to": str(office.today.replace(year=office.today.year + 1, day=1))})
    assert made.status_code == 201, made.text
    assert problems(office, into_west) == []
    assert problems(office, into_east) == [("entrustment_missing", "warning", office.cell["V05"], "district")]
    assert ("entrustment_missing", "warning", office.cell["T1"], "district") in problems(office, post)
    assert [p["kind"] for p in office.carry(into_east)["problems"]] == ["entrustment_missing"], "the plan that was applied says who acts"


def test_merges_splits_and_borders_pass_enforcement_too(office):
    """T0 is entrusted, T1 is not; V05 has gone there."""
    missing = lambda *operations: [p[2] for p in problems(office, *operations) if p[0] == "entrustment_missing"]  # noqa: E731
    merge = lambda into: {"kind": "merge", "sources": [office.code("V01"), office.code("V10")], "into": {"cell": office.code(into)}}  # noqa: E731
    assert missing(merge("V10")) == [office.cell["V10"]] and missing(merge("V01")) == []
    assert len(missing({"kind": "merge", "sources": [office.code("T0"), office.code("T1")], "into": {"code": "TN", "name": "新街"}})) == 1
    west, south = office.box["V00"]
    middle = round(west + 0.02, 6)
    halves = {"kind": "split", "cell": office.code("T0"), "line": {"type": "LineString", "coordinates": [[middle, south - 0.01], [middle, south + 0.1]]}, "targets": [{"code": "TW", "name": "西"}, {"code": "TE", "name": "东"}]}
    assert len(missing(halves)) == 2
    x, y = office.box["V10"]
    gains = {"type": "Polygon", "coordinates": [[[x - 0.002, y + 0.005], [x, y + 0.005], [x, y + 0.01], [x - 0.002, y + 0.01], [x - 0.002, y + 0.005]]]}
    assert missing({"kind": "boundary", "cell": office.code("V10"), "gains": gains}) == [office.cell["V10"]], "ground of V01"
    cut = {"kind": "split", "cell": office.code("V11"), "line": {"type": "LineString", "coordinates": [[x + 0.03, y - 0.01], [x + 0.03, y + 0.1]]}, "targets": [{"code": "V1a", "name": "西"}, {"code": "V1b", "name": "东"}]}
    assert missing(cut) == [], "its town stays its town"
