"""The loop of a hazard, 发现–登记–定级–整改–复查–销号, as officers and coordinators enter it: what may follow what, and what the figures make of it."""
import datetime
import json
import subprocess
import threading
import uuid

import pytest

from harness import ROOT
from test_rights import make
from test_transfers import send, square

API = "/api/v1"
RECIPE = """
[district]
scheme = "loop-test"
holds_from = 2020-01-01
shape = "children"
[[table]]
kind = "district"
constants = { code = "990902", name = "闭环测试区" }
[[table]]
kind = "town"
file = "towns.geojson"
columns = { code = "code", name = "name" }
constants = { parent = "990902" }
[[table]]
kind = "village"
file = "villages.geojson"
columns = { code = "code", name = "name", parent = "parent" }
"""


def layer(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


@pytest.fixture(scope="module")
def office(server):
    """A district of two towns that no other test writes to, and who works in it."""
    coordinator = server.session("coordinator")
    villages = [square("990902001001", "东村", 124.0), square("990902002001", "西村", 124.1)]
    for v in villages:
        v["properties"]["parent"] = v["properties"]["code"][:9]
    made = send(coordinator, server, {"recipe.toml": RECIPE, "towns.geojson": layer(square("990902001", "东镇", 124.0), square("990902002", "西镇", 124.1)), "villages.geojson": layer(*villages)})
    assert made.status_code == 201 and made.json()["written"], made.text

    class Office:
        base, officer = server.base + API, server.session("officer")
        district, today = next((d["id"], datetime.date.fromisoformat(d["today"])) for d in coordinator.get(server.base + API + "/districts").json()["items"] if d["scheme"] == "loop-test")

        def ago(self, days):
            return str(self.today - datetime.timedelta(days))

        def found(self, days, lon=124.05, **more):
            """A hazard that was found some days ago."""
            body = {"id": str(uuid.uuid4()), "district": self.district, "day": self.ago(days), "lon": lon, "lat": 30.05, "source": "inspection", "grade": "general", **more}
            made = self.officer.post(self.base + "/hazards", json=body)
            assert made.status_code == 201, made.text
            return made.json()

        def take(self, hazard, step, days, who=None, version="*", **more):
            body = {"step": step, "day": self.ago(days), "person": "王平", "reason": "现场核实", **more}
            return (who or self.coordinator).post(f"{self.base}/hazards/{hazard['id']}/steps", json=body, headers={"If-Match": version})

        def walk(self, hazard, *steps):
            """Takes steps that are all allowed; the hazard after the last."""
            for step, days, more in steps:
                answer = self.take(hazard, step, days, **more)
                assert answer.status_code == 201, answer.text
            return answer.json()

        def refused(self, hazard, step, days, says, **more):
            answer = self.take(hazard, step, days, **more)
            assert answer.status_code == 422 and says in answer.json()["detail"], answer.text

        def steps(self, hazard):
            return self.officer.get(f"{self.base}/hazards/{hazard['id']}/steps").json()["items"]

        def figure(self, measure, town="990902001", **query):
            query = {"within": f"code:loop-test:{town}", "level": "town", "from": self.ago(60), "to": self.ago(-1), "measures": measure, **query}
            row = self.officer.get(self.base + "/figures", params=query).json()["rows"][0]["figures"][measure]
            for link, n in ((row["records"], row["numerator"]), (row["base_records"], row["denominator"])):
                assert link is None or len(self.officer.get(server.base + link + "&limit=1000").json()["items"]) == n, link
            return row["numerator"], row["denominator"]

    Office.coordinator = coordinator
    return Office()


MAJOR = {"grade": "major", "standard": "工贸重大事故隐患判定标准（2023）第十一条"}


def test_a_major_hazard_goes_round_its_loop(office):
    one = office.found(40, grade="general", found_by="李安", description="除尘系统未接地")
    assert one["state"] == "found"
    states = []
    for step, days, more in [("registered", 40, {}), ("graded", 39, MAJOR), ("ordered", 38, {"due_on": office.ago(5), "in_plan": True, "five_in_place": True, "funds_yuan": 120000.5}),
                             ("listed", 37, {"listed_by": "prefecture"}), ("rectified", 20, {}), ("reviewed", 18, {"passed": False}), ("rectified", 12, {}), ("reviewed", 10, {"passed": True}),
                             ("closed", 9, {}), ("unlisted", 8, {})]:
        answer = office.take(one, step, days, **more)
        assert answer.status_code == 201, answer.text
        states.append(answer.json()["state"])
    assert states == ["found", "graded", "rectifying", "rectifying", "rectified", "rectifying", "rectified", "reviewed", "closed", "closed"]
    after = answer.json()
    assert {k: after[k] for k in ("grade", "standard", "listed_by", "in_plan", "five_in_place", "funds_yuan", "extensions")} == {**MAJOR, "listed_by": "prefecture", "in_plan": True, "five_in_place": True,
                                                                                                                             "funds_yuan": 120000.5, "extensions": None}
    days = {"registered_on": 40, "graded_on": 39, "ordered_on": 38, "listed_on": 37, "rectified_on": 12, "reviewed_on": 10, "closed_on": 9, "unlisted_on": 8, "due_on": 5}
    assert {k: after[k] for k in days} == {k: office.ago(n) for k, n in days.items()}
    steps = office.steps(one)
    assert [s["step"] for s in steps] == ["found", "registered", "graded", "ordered", "listed", "rectified", "reviewed", "rectified", "reviewed", "closed", "unlisted"]
    assert (steps[0]["person"], steps[0]["reason"], steps[0]["actor"]) == ("李安", "除尘系统未接地", "officer")
    assert (steps[2]["standard"], steps[2]["person"], steps[2]["reason"], steps[2]["actor"]) == (MAJOR["standard"], "王平", "现场核实", "coordinator") and steps[6]["passed"] is False
    before = office.officer.get(office.base + "/hazards", params={"district": office.district, "known_at": one_before(steps[2]["at"]), "from": one["day"],
                                                                  "to": office.ago(39)}).json()["items"]
    assert [h["grade"] for h in before if h["id"] == one["id"]] == ["general"], "what was known before it was graded stays"


def one_before(instant):
    return (datetime.datetime.fromisoformat(instant) - datetime.timedelta(microseconds=1)).astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def test_steps_keep_their_order_and_say_what_comes_first(office):
    one = office.found(30)
    office.refused(one, "registered", 31, "The step before was on")
    office.refused(one, "registered", -1, "still to come")
    office.refused(one, "graded", 30, "graded needs grade and standard", grade="major")
    office.refused(one, "rectified", 30, "does not settle passed", passed=True)
    office.refused(one, "extended", 30, "enter ordered first", due_on=office.ago(-9))
    office.refused(one, "reviewed", 30, "enter rectified first", passed=True)
    office.refused(one, "closed", 30, "rectified first")
    office.refused(one, "listed", 30, "Only a major hazard", listed_by="district")
    office.refused(one, "unlisted", 30, "not listed")
    office.refused(one, "reopened", 30, "It is open")
    office.walk(one, ("graded", 29, MAJOR))
    office.refused(one, "registered", 29, "past its registration")
    office.refused(one, "rectified", 28, "Enter ordered first")
    office.refused(one, "ordered", 28, "must not be before the day of the order", due_on=office.ago(29))
    office.walk(one, ("listed", 28, {"listed_by": "district"}), ("ordered", 28, {"due_on": office.ago(3)}))
    office.refused(one, "listed", 28, "It is listed since", listed_by="district")
    office.refused(one, "graded", 28, "enter unlisted before", grade="general", standard="x")
    office.refused(one, "ordered", 27, "move it with an extension", due_on=office.ago(-3))
    office.walk(one, ("rectified", 20, {}))
    office.refused(one, "closed", 19, "after a review that it passed")
    office.refused(one, "graded", 19, "before that", **MAJOR)
    office.refused(one, "reviewed", 21, "The step before was on", passed=True)
    office.refused(one, "transferred", 19, "nothing is left to transfer", transferred_to="应急管理局")
    office.walk(one, ("reviewed", 19, {"passed": True}))
    office.refused(one, "reviewed", 19, "passed its review", passed=True)
    office.walk(one, ("closed", 18, {}))
    office.refused(one, "rectified", 17, "enter reopened first")
    assert office.walk(one, ("unlisted", 17, {}), ("reopened", 16, {}))["state"] == "rectifying"
    general = office.found(10)
    office.walk(general, ("rectified", 10, {}), ("closed", 10, {}))  # put right on the spot
    moved = office.walk(office.found(10), ("transferred", 9, {"transferred_to": "市住房和城乡建设局"}))
    assert (moved["state"], moved["transferred_to"]) == ("transferred", "市住房和城乡建设局")
    office.refused(moved, "transferred", 9, "It was transferred to", transferred_to="x")
    assert office.walk(moved, ("rectified", 5, {}))["state"] == "rectified"
    assert office.take({"id": str(uuid.uuid4())}, "registered", 1).status_code == 404


def test_an_extension_is_entered_by_the_deadline_or_not_at_all(office):
    due_today = office.found(20, due_on=office.ago(0))
    office.refused(due_today, "extended", 0, "must be later than the deadline", due_on=office.ago(0))
    after = office.walk(due_today, ("extended", 0, {"due_on": office.ago(-10)}), ("extended", 0, {"due_on": office.ago(-20)}))
    assert (after["due_on"], after["extensions"]) == (office.ago(-20), 2)
    assert [(s["due_before"], s["due_on"]) for s in office.steps(due_today)[1:]] == [(office.ago(0), office.ago(-10)), (office.ago(-10), office.ago(-20))]
    late = office.found(20, due_on=office.ago(1))
    office.refused(late, "extended", 0, "must be entered on it or before", due_on=office.ago(-10))
    office.refused(late, "extended", 5, "must be entered on it or before", due_on=office.ago(-10))  # a day in time does not help who enters it late


def test_a_correction_beside_the_loop_is_noted_in_it(office):
    one = office.found(30, due_on=office.ago(10))
    me = office.officer
    changed = me.patch(f"{office.base}/hazards/{one['id']}", json={"closed_on": office.ago(12), "due_on": office.ago(11), "category": "用电", "reason": "补录"}, headers={"If-Match": "*"})
    assert changed.status_code == 200 and changed.json()["state"] == "closed"
    noted = office.steps(one)[1:]
    assert [(s["step"], s["person"], s["reason"]) for s in noted] == [("corrected", "officer", "补录")]
    assert noted[0]["changes"] == {"closed_on": {"from": None, "to": office.ago(12)}, "due_on": {"from": office.ago(10), "to": office.ago(11)}}
    assert me.patch(f"{office.base}/hazards/{one['id']}", json={"category": "用火"}, headers={"If-Match": "*"}).status_code == 200
    assert len(office.steps(one)) == 2, "what is not of its course is no step"
    assert office.walk(one, ("reopened", 12, {}))["state"] == "rectifying", "a correction of today does not keep earlier steps out"


@pytest.mark.parametrize("column", ["registered_on", "graded_on", "ordered_on", "rectified_on", "reviewed_on", "closed_on", "listed_on", "unlisted_on", "transferred_on"])
def test_nothing_happens_to_a_hazard_before_it_is_found(office, column):
    one = office.found(30)
    url = f"{office.base}/hazards/{one['id']}"
    early = office.officer.patch(url, json={column: office.ago(31)}, headers={"If-Match": "*"})
    assert early.status_code == 422 and f"{column} ({office.ago(31)}) is before the day on which the hazard was found ({office.ago(30)})" in early.json()["detail"], early.text
    assert office.officer.patch(url, json={column: office.ago(30)}, headers={"If-Match": "*"}).status_code == 200
    late = office.officer.patch(url, json={"day": office.ago(29)}, headers={"If-Match": "*"})
    assert late.status_code == 422 and column in late.json()["detail"], "nor is it found after that"
    assert office.officer.get(url).json()["day"] == office.ago(30)


def test_who_may_take_which_step_and_of_which_version(office, server):
    one = office.found(30, due_on=office.ago(-5))
    for step, more in [("extended", {"due_on": office.ago(-9)}), ("listed", {"listed_by": "district"}), ("unlisted", {}), ("transferred", {"transferred_to": "x"}), ("reopened", {})]:
        answer = office.take(one, step, 0, who=office.officer, **more)
        assert answer.status_code == 403 and "coordinator" in answer.json()["detail"]
    url = f"{office.base}/hazards/{one['id']}/steps"
    body = {"step": "rectified", "day": office.ago(3), "person": "王平", "reason": "已整改"}
    assert office.officer.post(url, json=body).status_code == 428
    key = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{one["version"]}"'}
    once, twice = (office.officer.post(url, json=body, headers=key) for _ in range(2))
    assert once.status_code == twice.status_code == 201 and once.json() == twice.json() and len(office.steps(one)) == 2
    assert office.officer.post(url, json={**body, "step": "reviewed", "passed": True}, headers={"If-Match": f'"{one["version"]}"'}).status_code == 412
    west = office.coordinator.get(office.base + "/cells/code:loop-test:990902002").json()["id"]
    for role in ("officer", "coordinator"):
        outside = make(server, "loop-west-" + role, role, district=office.district, cell=west)
        assert outside.post(url, json=body, headers={"If-Match": "*"}).status_code == outside.get(url).status_code == 403
    listed = office.officer.get(office.base + "/hazards", params={"district": office.district, "state": "rectified"}).json()["items"]
    assert one["id"] in [h["id"] for h in listed] and {h["state"] for h in listed} == {"rectified"}
    assert office.officer.delete(f"{office.base}/hazards/{one['id']}", headers={"If-Match": "*"}).status_code == 204
    assert office.officer.get(url).status_code == office.take(one, "registered", 0).status_code == 404


def test_one_of_two_who_close_it_at_once_does(office):
    one = office.walk(office.found(30), ("rectified", 3, {}))
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(office.take(one, "closed", 2, version=f'"{one["version"]}"').status_code)) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(answers) == [201, 412, 412, 412] and [s["step"] for s in office.steps(one)] == ["found", "rectified", "closed"]


def test_what_the_figures_make_of_it(office, server):
    """Counted by hand in the western town, where no other test finds anything."""
    west = {"lon": 124.15}
    count = lambda measure, **query: office.figure(measure, town="990902002", **query)
    in_time = office.found(50, due_on=office.ago(30), **west)
    late = office.found(50, due_on=office.ago(30), **west)
    office.found(50, due_on=office.ago(20), **west)
    extended = office.found(50, due_on=office.ago(0), **west)
    major = office.found(50, grade="major", **west)
    hasty = office.found(50, grade="major", **west)
    assert count("on_time_rate") == (0, 3) and count("overdue_hazards") == (3, 6), "what is due today is not late yet"
    office.walk(in_time, ("rectified", 31, {}), ("closed", 30, {}))
    office.walk(late, ("rectified", 31, {}), ("closed", 29, {}))
    assert count("on_time_rate") == (1, 3) and count("overdue_hazards") == (1, 4)
    assert count("on_time_rate", to=office.ago(30)) == (0, 0) and count("on_time_rate", to=office.ago(29)) == (1, 2)
    assert count("overdue_hazards", to=office.ago(29)) == (1, 5), "the one that was closed on its last day is settled"
    office.walk(extended, ("extended", 0, {"due_on": office.ago(-30)}))
    assert count("on_time_rate") == (1, 3) and count("overdue_hazards") == (1, 4)
    office.walk(major, ("graded", 49, MAJOR), ("ordered", 49, {"due_on": office.ago(40)}), ("rectified", 45, {}), ("reviewed", 44, {"passed": False}), ("rectified", 43, {}),
                ("reviewed", 41, {"passed": True}), ("closed", 40, {}))
    hasty = office.officer.patch(f"{office.base}/hazards/{hasty['id']}", json={"closed_on": office.ago(39)}, headers={"If-Match": "*"}).json()  # closed beside the loop, without a review
    assert count("major_reinspection") == (1, 2)
    assert count("on_time_rate") == (2, 4) and count("overdue_hazards") == (1, 2)
    office.walk(in_time, ("reopened", 0, {}))
    assert count("on_time_rate") == (1, 4) and count("overdue_hazards") == (2, 3), "a closing that was unfounded counts as none"
    assert count("rectification_rate") == (3, 6)
    for mode in ({"mode": "as_is"}, {"known_at": datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")}):
        assert count("on_time_rate", **mode) == (1, 4) and count("major_reinspection", **mode) == (1, 2)
    checked = subprocess.run([ROOT / "build/release/gridward", "check", "--database", server.database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
