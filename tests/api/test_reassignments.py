"""Reassignment plans: from a draft to a deed that can be taken back."""
import datetime
import time

import pytest

from plans import District, psql
from test_abandoned import within
from test_rights import make


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("plan"), "plan", 1, 118.0)


def holder(office, village, day, post="safety_officer"):
    answer = office.leader.get(office.server.base + "/api/v1/assignments", params={"cell": office.code(village), "at": str(day)})
    return [a["person"] for a in answer.json()["items"] if a["post"] == post]


def assign(office, village, person, **more):
    return {"kind": "assign", "cell": office.code(village), "post": "safety_officer", "person": person, **more}


def parent(office, code, day=None):
    return office.leader.get(office.server.base + f"/api/v1/cells/{office.cell[code]}", params={"at": str(day or office.today)}).json()["parent"]


def visits(office, code):
    return next((r["figures"]["inspection_visits"]["numerator"] for r in office.figures(mode="as_is")["rows"] if r["cell"]["code"] == code), None)


def test_a_post_is_handed_over_by_one_form_and_one_request(office):
    one, two = office.people[:2]
    plan = office.draft(assign(office, "V00", one), apply=True)
    assert plan["status"] == "applied" and not plan["needs_approval"] and plan["operations"][0]["was"] == {"holders": []}
    plan = office.draft(assign(office, "V00", two), apply=True)
    assert plan["operations"][0]["was"] == {"holders": [one]}
    assert holder(office, "V00", office.today) == [two] and [(r["person"], r["side"]) for r in plan["receipts"]] == [(one, "giver"), (two, "receiver")]
    trail = make(office.server, "plan-auditor", "auditor", district=office.id).get(office.server.base + "/api/v1/audit", params={"district": office.id, "entity": "reassignment", "entity_id": plan["id"]}).json()["items"]
    assert [t["action"] for t in trail] == ["apply", "draft"]
    back = office.coordinator.post(office.url(plan["id"], "revert"), json={"reason": "误", "apply": True}, headers={"If-Match": f'"{plan["version"]}"'})
    assert back.status_code == 201 and back.json()["status"] == "applied", back.text
    assert holder(office, "V00", office.today) == [one]
    assert office.leader.get(office.url(plan["id"])).json()["status"] == "reverted"


def test_temporary_cover_returns_by_itself(office):
    one, two = office.people[2:4]
    office.draft(assign(office, "V01", one), apply=True)
    week = office.today + datetime.timedelta(7)
    office.draft(assign(office, "V01", two, to=str(week), acting=True), apply=True)
    assert [holder(office, "V01", d) for d in (office.today, week - datetime.timedelta(1), week, "2030-01-01")] == [[two], [two], [one], [one]]


def test_a_village_moves_with_its_land_and_comes_back(office):
    before, last_year, said = office.figures(mode="as_is"), office.figures(), office.said()
    land = lambda town: office.leader.get(office.server.base + f"/api/v1/cells/{office.cell[town]}").json()["area_km2"]
    areas = land("T0"), land("T1"), land("V01")
    plan = office.carry({"kind": "move_cell", "cell": office.code("V01"), "parent": office.code("T1"), "code": "V19"})
    assert parent(office, "V01") == office.cell["T1"] and parent(office, "V01", office.today - datetime.timedelta(1)) == office.cell["T0"]
    # A straight border bows a little otherwise where the village's corner becomes one of it.
    assert land("T0") == pytest.approx(areas[0] - areas[2], rel=1e-4) and land("T1") == pytest.approx(areas[1] + areas[2], rel=1e-4)
    assert float(psql(office.server, f"select max(abs(area_m2 - ST_Area(geom::geography)) / area_m2) from cell_shape where district_id = {office.id} and upper_inf(recorded)")) < 1e-9, "each shape has its own area"
    assert office.figures() == last_year, "what was is as it was"
    inside = office.figures(mode="as_is", within="T1")
    assert "V19" in {r["cell"]["code"] for r in inside["rows"]}
    moved = {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in office.figures(mode="as_is", level="town")["rows"]}
    assert moved["T1"] == sum(r["figures"]["hazard_density"]["numerator"] for r in inside["rows"] + inside["direct"])
    office.recounted()
    office.take_back(plan)
    assert office.said() == said and office.figures(mode="as_is") == before and office.figures() == last_year
    office.recounted()


@pytest.mark.parametrize("cause", ["moved", "data_wrong", "boundary_changed"])
def test_an_enterprise_moves_for_three_causes_with_three_effects(office, cause):
    code = next(e for e in office.point if parent(office, e) == office.cell["V10"])
    to = "V02"
    spot = {} if cause == "boundary_changed" else {"lon": office.box[to][0] + 0.01, "lat": office.box[to][1] + 0.01}
    count = lambda v, **q: next(r["figures"]["inspection_visits"]["numerator"] for r in office.figures(**q)["rows"] if r["cell"]["code"] == v)
    was, now, said = count(to), count(to, mode="as_is"), office.said()
    visits = int(psql(office.server, f"select count(*) from inspection where district_id = {office.id} and enterprise_id = {office.cell[code]} and upper_inf(recorded)"))
    plan = office.carry({"kind": "move_enterprise", "cell": office.code(code), "cause": cause, "parent": office.code(to), **spot})
    assert count(to, mode="as_is") == now + visits
    assert count(to) == was + (visits if cause == "data_wrong" else 0), "only a correction changes what was"
    place = psql(office.server, f"select ST_X(location) from enterprise where district_id = {office.id} and cell_id = {office.cell[code]} and valid @> date '2020-01-01' and upper_inf(recorded)")
    assert (float(place) == spot.get("lon")) == (cause == "data_wrong")
    if cause == "data_wrong":
        earlier = (datetime.datetime.fromisoformat(plan["applied_at"]) - datetime.timedelta(milliseconds=1)).isoformat()
        assert count(to, known_at=earlier) == was
    office.recounted()
    office.take_back(plan)
    assert office.said() == said and count(to) == was
    office.recounted()


def test_what_needs_a_second_person(office):
    for body, needs in ((assign(office, "V02", office.people[0]), False), ({"kind": "move_cell", "cell": office.code("V02"), "parent": office.code("T1")}, True),
                        ({"kind": "assign", "cell": office.code("T0"), "post": "town_head", "person": office.people[0]}, True)):
        assert office.draft(body)["needs_approval"] is needs
    plan = office.draft(assign(office, "V02", office.people[0]), effective_on=str(office.today - datetime.timedelta(1)))
    assert plan["needs_approval"], "a day that has passed"
    office.act(plan, "apply", status=409)
    office.act(plan, "schedule", status=409)
    plan = office.act(plan, "approve", who=office.approver)
    assert plan["status"] == "approved" and plan["approvals"][0]["approver"] == "approver"
    changed = office.coordinator.patch(office.url(plan["id"]), json={"title": "另"}, headers={"If-Match": f'"{plan["version"]}"'}).json()
    assert changed["status"] == "draft" and changed["approvals"] == [], "who approved has not seen this"


def test_if_match_is_needed_and_must_fit(office):
    plan = office.draft(assign(office, "V02", office.people[0]))
    assert office.coordinator.post(office.url(plan["id"], "undo")).status_code == 428
    office.act(plan, "undo", match='"99"', status=412)
    undone = office.act(plan, "undo")
    assert undone["operations"][0]["state"] == "undone" and undone["version"] != plan["version"]
    office.act(plan, "redo", status=412)
    redone = office.act(undone, "redo")
    assert redone["operations"][0]["state"] == "active"
    undone = office.act(redone, "undo")
    more = office.act(undone, "operations", operations=[assign(office, "V03", office.people[1])])
    assert [o["state"] for o in more["operations"]] == ["aside", "active"]
    office.act(more, "redo", status=404)


def test_an_operation_is_taken_out_and_a_plan_taken_back(office):
    plan = office.draft(assign(office, "V02", office.people[0]), assign(office, "V03", office.people[1]))
    first, second = (o["n"] for o in plan["operations"])
    url = office.url(plan["id"], "operations", first)
    assert office.leader.delete(url, headers={"If-Match": "*"}).status_code == 403 and office.coordinator.delete(url).status_code == 428
    fewer = office.coordinator.delete(url, headers={"If-Match": f'"{plan["version"]}"'})
    assert fewer.status_code == 200 and [(o["n"], o["state"]) for o in fewer.json()["operations"]] == [(first, "aside"), (second, "active")]
    assert office.coordinator.delete(url, headers={"If-Match": f'"{plan["version"]}"'}).status_code == 412, "somebody was first"
    assert office.coordinator.delete(office.url(plan["id"], "operations", 99), headers={"If-Match": "*"}).status_code == 404
    before = office.said()
    back = office.coordinator.delete(office.url(plan["id"]), headers={"If-Match": "*"})
    assert back.status_code == 200 and back.json()["status"] == "withdrawn"
    office.act(back.json(), "apply", status=409)
    assert office.said() == before
    later = office.draft(assign(office, "V02", office.people[0]), effective_on=str(office.today + datetime.timedelta(9)))
    assert office.act(later, "schedule")["status"] == "scheduled"
    back = office.coordinator.delete(office.url(later["id"]), headers={"If-Match": "*"})
    assert back.status_code == 200 and back.json()["status"] == "draft", "a scheduled one is a draft again"


def test_a_draft_whose_ground_has_changed_is_blocked_and_rebased(office):
    plan = office.draft(assign(office, "V03", office.people[0]))
    office.draft(assign(office, "V03", office.people[4]), apply=True)
    report = office.leader.post(office.url(plan["id"], "validate")).json()
    assert not report["applicable"] and report["problems"][0]["kind"] == "conflict" and report["problems"][0]["now"] == {"holders": [office.people[4]]}
    refused = office.act(plan, "apply", status=409)
    assert refused["errors"][0]["field"] == "operations/1"
    plan = office.leader.get(office.url(plan["id"])).json()
    assert plan["status"] == "blocked" and holder(office, "V03", office.today) == [office.people[4]]
    told = lambda: psql(office.server, f"select account_id from notice where topic = 'notice.blocked' and payload->>'plan' = '{plan['id']}'").split()
    assert within(30, told) and told() == [psql(office.server, "select id from account where username = 'coordinator'").strip()]
    rebased = office.act(plan, "rebase")
    assert [c["kind"] for c in rebased["conflicts"]] == ["conflict"]
    assert office.act(rebased["plan"], "apply")["status"] == "applied" and holder(office, "V03", office.today) == [office.people[0]]


def test_a_plan_is_drafted_upon_those_that_are_scheduled_before_it(office):
    soon, later = office.today + datetime.timedelta(10), office.today + datetime.timedelta(20)
    first = office.draft(assign(office, "V04", office.people[0]), effective_on=str(soon))
    office.act(first, "schedule")
    second = office.draft(assign(office, "V04", office.people[1]), effective_on=str(later))
    assert second["operations"][0]["was"] == {"holders": [office.people[0]]}
    assert office.leader.post(office.url(second["id"], "validate")).json()["applicable"]
    office.act(second, "apply", status=422)
    assert holder(office, "V04", later) == [], "nothing was written by looking"


def test_the_server_applies_a_plan_on_its_day(office):
    plan = office.draft(assign(office, "V05", office.people[5]))
    assert office.act(plan, "schedule")["status"] == "scheduled"
    for _ in range(100):
        plan = office.leader.get(office.url(plan["id"])).json()
        if plan["status"] != "scheduled":
            break
        time.sleep(0.2)
    assert plan["status"] == "applied" and plan["applied_by"] == "server" and holder(office, "V05", office.today) == [office.people[5]]


def test_a_plan_whose_day_passed_while_no_server_ran_is_applied_still(office):
    yesterday = office.today - datetime.timedelta(1)
    plan = office.draft(assign(office, "V14", office.people[5]), effective_on=str(office.today + datetime.timedelta(1)))
    plan = office.act(plan, "schedule")
    psql(office.server, f"update reassignment set effective_on = '{yesterday}', scheduled_at = now() - interval '3 days' where id = '{plan['id']}'")
    for _ in range(100):
        plan = office.leader.get(office.url(plan["id"])).json()
        if plan["status"] != "scheduled":
            break
        time.sleep(0.2)
    assert plan["status"] == "applied" and not plan["needs_approval"] and holder(office, "V14", yesterday) == [office.people[5]]


def test_all_of_a_plan_or_nothing(office):
    before = office.said()
    plan = office.draft(assign(office, "V10", office.people[0]), {"kind": "move_cell", "cell": office.code("V11"), "parent": office.code("T0")})
    plan = office.act(plan, "approve", who=office.approver)
    office.carry({"kind": "move_cell", "cell": office.code("V11"), "parent": office.code("D")})
    between = office.said()
    office.act(plan, "apply", status=409)
    assert office.said() == between != before


def test_an_operation_that_cannot_be_is_refused_at_once(office):
    for body, why in ((assign(office, "V10", 99999999), "no person"), (assign(office, "T0", office.people[0]), "not of a level"),
                      ({"kind": "move_cell", "cell": office.code("T0"), "parent": office.code("V00")}, "higher level"), (assign(office, "V99", office.people[0]), "No cell"),
                      ({"kind": "assign", "cell": office.code("T0"), "post": "enforcement_officer", "person": office.people[0], "replacing": office.people[1]}, "does not hold")):
        assert why in office.draft(body, status=422)["detail"]
    uncertified = office.draft({"kind": "assign", "cell": office.code("T0"), "post": "enforcement_officer", "person": office.people[0]})
    assert [p["kind"] for p in office.leader.post(office.url(uncertified["id"], "validate")).json()["problems"]] == ["not_certified"]
    office.act(uncertified, "apply", status=409)


def test_only_in_ones_own_area(office):
    mine = make(office.server, "town-coordinator", "coordinator", district=office.id, cell=office.cell["T0"])
    inside = office.draft(assign(office, "V02", office.people[2]), who=mine)
    assert mine.get(office.url(inside["id"])).status_code == 200
    assert "outside your area" in office.draft(assign(office, "V13", office.people[2]), who=mine, status=403)["detail"]
    office.draft({"kind": "move_cell", "cell": office.code("V02"), "parent": office.code("T1")}, who=mine, status=403)
    theirs = office.draft(assign(office, "V13", office.people[2]))
    assert mine.get(office.url(theirs["id"])).status_code == 403
    listed = mine.get(office.url(), params={"district": office.id}).json()["items"]
    assert inside["id"] in {p["id"] for p in listed} and theirs["id"] not in {p["id"] for p in listed}
    near = make(office.server, "town-approver", "approver", district=office.id, cell=office.cell["T0"])
    office.act(theirs, "approve", who=near, status=403)


def test_receivers_sign(office):
    plan = office.draft(assign(office, "V02", office.people[3]), apply=True)
    for receipt in plan["receipts"]:
        assert plan["status"] == "applied"
        plan = office.act(plan, "acknowledge", person=receipt["person"])
    assert plan["status"] == "acknowledged" and all(r["acknowledged_by"] == "coordinator" for r in plan["receipts"])
    office.act(plan, "acknowledge", who=office.leader, person=office.people[3], status=403)


def test_the_trail_shows_what_was_changed_behind_its_back(own_server):
    import subprocess
    from harness import ROOT
    check = lambda: subprocess.run([ROOT / "build/release/gridward", "check", "audit", "--database", own_server.database], capture_output=True, text=True)
    for _ in range(100):
        done = check()
        if " 0 wait" in done.stdout:
            break
        time.sleep(0.2)
    assert done.returncode == 0 and "0 do not fit" in done.stdout and int(done.stdout.split()[0]) > 0, done.stdout
    owner = own_server.database.replace("user=gridward_app", "user=postgres")
    assert "permission denied" in subprocess.run(["psql", own_server.database, "-XqAtc", "update audit set actor = 'eve'"], capture_output=True, text=True).stderr
    subprocess.run(["psql", owner, "-XqAtc", "update audit set actor = 'eve' where id = (select min(id) from audit)"], check=True, capture_output=True)
    changed = check()
    assert changed.returncode == 1 and changed.stdout.count("was changed") == 1
    subprocess.run(["psql", owner, "-XqAtc", "delete from audit where id = (select min(id) from audit)"], check=True, capture_output=True)
    assert check().stdout.count("the row is gone") == 1


def test_weekly_work_comes_as_a_list(office, tmp_path):
    import openpyxl
    plan = office.draft()
    csv = "网格编码,岗位,人员,起,止\nV12,安全员,人1,,\nV13,safety_officer,人2,{0},{1}\n".format(office.today, office.today + datetime.timedelta(30))
    send = lambda plan, body, media: office.coordinator.post(office.url(plan["id"], "operations"), data=body, headers={"If-Match": f'"{plan["version"]}"', "Content-Type": media})
    added = send(plan, csv.encode("gb18030"), "text/csv")
    assert added.status_code == 200, added.text
    assert [(o["body"]["cell"], o["body"]["person"], o["body"].get("to")) for o in added.json()["operations"]] == [
        (str(office.cell["V12"]), office.people[1], None), (str(office.cell["V13"]), office.people[2], str(office.today + datetime.timedelta(30)))]
    wrong = send(added.json(), "cell,post,person,from\nV12,安全员,谁,\nV99,安全员,人1,\nV12,村长,人1,\nV12,安全员,人1,2020-01-01\nV13,安全员,人3,\n".encode(), "text/csv")
    assert wrong.status_code == 400 and [e["field"] for e in wrong.json()["errors"]] == ["rows/1", "rows/2", "rows/3", "rows/4"]
    assert office.leader.get(office.url(plan["id"])).json() == added.json(), "all of a list or nothing"
    book = openpyxl.Workbook()
    for row in (["本周调整"], ["cell", "post", "person"], ["V15", "safety_officer", "人4"]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    added = send(added.json(), (tmp_path / "list.xlsx").read_bytes(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert added.status_code == 200, added.text
    assert office.act(added.json(), "apply")["status"] == "applied" and holder(office, "V15", office.today) == [office.people[4]]
    assert send(office.draft(), "a,b\n1,2\n", "text/csv").status_code == 400
