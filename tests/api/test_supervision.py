"""What supervision is measured by, as coordinators enter it: certificates, exemptions, lead departments, posts, visit rules and weights; and what figures make of each."""
import datetime
import uuid

import pytest

from test_hazard_loop import API, layer
from test_resources import make_user
from test_rights import make
from test_transfers import send, square

RECIPE = """
[district]
scheme = "supervision-test"
enterprise_scheme = "supervision-test-units"
holds_from = 2020-01-01
shape = "children"
[[table]]
kind = "district"
constants = { code = "990903", name = "监管测试区" }
[[table]]
kind = "town"
file = "towns.geojson"
columns = { code = "code", name = "name" }
constants = { parent = "990903" }
[[table]]
kind = "village"
file = "villages.geojson"
columns = { code = "code", name = "name", parent = "parent" }
[[table]]
kind = "enterprise"
file = "units.csv"
crs = "EPSG:4490"
columns = { code = "code", name = "name", industry = "industry", risk_grade = "risk", lon = "lon", lat = "lat" }
"""
UNITS = "code,name,industry,risk,lon,lat\nA,甲厂,C26,1,124.02,30.05\nB,乙厂,C33,2,124.04,30.05\nC,丙店,F52,,124.12,30.05\n"


@pytest.fixture(scope="module")
def office(server):
    """A district of two towns with a village each, two enterprises in the east and one in the west, and nobody in charge."""
    coordinator = server.session("coordinator")
    villages = [square("990903001001", "东村", 124.0), square("990903002001", "西村", 124.1)]
    for v in villages:
        v["properties"]["parent"] = v["properties"]["code"][:9]
    made = send(coordinator, server, {"recipe.toml": RECIPE, "units.csv": UNITS, "towns.geojson": layer(square("990903001", "东镇", 124.0), square("990903002", "西镇", 124.1)),
                                      "villages.geojson": layer(*villages)})
    assert made.status_code == 201 and made.json()["written"], made.text

    class Office:
        base, admin, officer = server.base + API, server.session("admin"), server.session("officer")
        district, today = next((d["id"], datetime.date.fromisoformat(d["today"])) for d in coordinator.get(server.base + API + "/districts").json()["items"] if d["scheme"] == "supervision-test")

        def ago(self, days):
            return str(self.today - datetime.timedelta(days))

        def post(self, path, **body):
            answer = self.coordinator.post(f"{self.base}/{path}", json=body)
            assert answer.status_code == 201, answer.text
            return answer.json()

        def appoint(self, name, cell, post, **more):
            person = self.post("people", district=self.district, name=name)["id"]
            self.post("assignments", cell=cell, post=post, person=person, **{"from": "2024-01-01", **more})
            return person

        def row(self, measure, code="990903001", level="town", **query):
            query = {"within": f"code:supervision-test:{code}", "level": level, "from": self.ago(100), "to": self.ago(-1), "measures": measure, **query}
            return self.officer.get(self.base + "/figures", params=query).json()["rows"][0]["figures"][measure]

        def count(self, measure, **query):
            """Numerator and denominator; the lists behind them have as much."""
            f = self.row(measure, **query)
            for link, n in ((f["records"], f["numerator"]), (f["base_records"], f["denominator"])):
                if link:
                    items = self.officer.get(server.base + link + "&limit=1000").json()["items"]
                    assert sum(i.get("counts", 1) for i in items) == n, (link, items)
            return f["numerator"], f["denominator"]

        def faults(self):
            items = self.officer.get(self.base + "/enterprises", params={"cell": str(self.cell["990903001"]), "from": self.ago(1), "to": self.ago(-1), "counted": "unsupervised"}).json()["items"]
            return {i["code"]: set(i["faults"]) for i in items}

    Office.coordinator = coordinator
    Office.cell = {code: coordinator.get(f"{Office.base}/cells/code:supervision-test:{code}").json()["id"] for code in ("990903", "990903001", "990903002", "990903001001", "990903002001")}
    Office.unit = {e["code"]: e["id"] for e in coordinator.get(Office.base + "/enterprises", params={"district": Office.district}).json()["items"]}
    return Office()


def test_supervision_becomes_effective_link_by_link(office, server):
    """Every reason goes away with what it names, and comes back with it."""
    everything = {"no_lead_department", "vacant:safety_informant", "vacant:safety_officer", "vacant:town_head", "vacant:enforcement_officer", "vacant:district_head", "inspection_overdue"}
    assert office.faults() == {"A": everything, "B": everything} and office.count("effective_supervision") == (0, 2)
    posts = {p["code"]: p for p in office.officer.get(office.base + "/posts").json()["items"]}
    assert {c for c, p in posts.items() if p["required"]} == {"district_head", "town_head", "enforcement_officer", "safety_officer", "safety_informant"}
    assert (posts["enforcement_officer"]["certificate"], posts["enforcement_officer"]["level"], posts["safety_officer"]["certificate"]) == ("enforcement", "town", None)
    a, town, village = office.unit["A"], str(office.cell["990903001"]), str(office.cell["990903001001"])
    assert office.coordinator.patch(f"{office.base}/cells/{a}", json={"from": "2021-01-01", "lead_department": "应急管理局"}).json()["changed"]
    left = everything - {"no_lead_department"}
    assert office.faults()["A"] == left
    for post, cell in [("district_head", str(office.cell["990903"])), ("town_head", town), ("safety_officer", village), ("safety_informant", str(a))]:
        office.appoint("某人", cell, post)
        left -= {f"vacant:{post}"}
        assert office.faults()["A"] == left
    enforcer = office.appoint("执法员", town, "enforcement_officer")
    assert office.faults()["A"] == {"no_certificate:enforcement_officer", "inspection_overdue"}
    certificate = office.post("certificates", district=office.district, person=enforcer, kind="enforcement", number="SD-0001", **{"from": office.ago(300), "to": office.ago(-300)})
    assert office.faults()["A"] == {"inspection_overdue"}
    account = make_user(office, server, "officer", person=enforcer)
    visit = lambda unit, days: account.post(office.base + "/inspections", json={"id": str(uuid.uuid4()), "district": office.district, "day": office.ago(days), "enterprise": office.unit[unit], "result": "completed"})
    assert visit("A", 301).status_code == 403, "the certificate was not valid yet"
    assert visit("A", 20).status_code == 201
    assert "A" not in office.faults() and office.count("effective_supervision") == (1, 2)
    assert office.faults()["B"] == {"no_lead_department", "vacant:safety_informant", "inspection_overdue"}
    # Revoked: the post has nobody who may hold it, and its holder may record no inspection any more.
    moment = now()
    revoked = office.coordinator.patch(f"{office.base}/certificates/{certificate['id']}", json={"district": office.district, "to": office.ago(10), "reason": "吊销"})
    assert revoked.status_code == 200 and revoked.json()["to"] == office.ago(10)
    assert office.faults()["A"] == {"no_certificate:enforcement_officer"} and visit("A", 5).status_code == 403 and visit("A", 15).status_code == 201
    assert office.count("effective_supervision", to=office.ago(10)) == (1, 2), "it was effective up to then"
    assert office.row("effective_supervision", known_at=moment)["numerator"] == 1, "and was thought to be, before that was entered"


def now():
    """This instant: the server's clock and ours are one."""
    return datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")


def test_an_account_that_is_a_persons_has_that_persons_certificates_alone(office, server):
    person = office.post("people", district=office.district, name="张宁")["id"]
    body = {"id": str(uuid.uuid4()), "district": office.district, "day": office.ago(1), "enterprise": office.unit["C"], "result": "attempted"}
    stale = make_user(office, server, "officer", person=person, certified_until="2099-01-01")
    assert stale.post(office.base + "/inspections", json=body).status_code == 403, "the register decides, not what the account says"
    other = office.post("certificates", district=office.district, person=person, kind="safety_engineer", number="E-1", **{"from": "2020-01-01"})
    assert stale.post(office.base + "/inspections", json=body).status_code == 403 and other["to"] is None
    office.post("certificates", district=office.district, person=person, kind="enforcement", number="E-2", **{"from": "2020-01-01"})
    assert stale.post(office.base + "/inspections", json=body).status_code == 201
    assert office.admin.post(office.base + "/users", json={"username": "nobody-" + uuid.uuid4().hex, "grants": [], "person": 999999999}).status_code == 422
    account = next(u for u in office.admin.get(office.base + "/users", params={"limit": 1000}).json()["items"] if u["person"] == person)
    assert office.admin.patch(f"{office.base}/users/{account['id']}", json={"person": None}).json()["person"] is None


def test_certificates_are_listed_corrected_and_withdrawn(office, server):
    person = office.post("people", district=office.district, name="赵海")["id"]
    dates = lambda a, b: {"from": office.ago(a), "to": office.ago(b)}
    ends, holds = (office.post("certificates", district=office.district, person=person, kind="enforcement", number=n, **d) for n, d in (("N-1", dates(100, -20)), ("N-2", dates(30, -800))))
    def numbers(**query):
        return [c["number"] for c in office.officer.get(office.base + "/certificates", params={"district": office.district, "person": person, **query}).json()["items"]]
    assert numbers() == ["N-1", "N-2"] and numbers(at=office.ago(50)) == ["N-1"] and numbers(kind="safety_engineer") == []
    assert numbers(at=office.ago(0), ends_before=office.ago(-30)) == ["N-1"], "those that run out within 30 days"
    url = f"{office.base}/certificates/{ends['id']}"
    fixed = office.coordinator.patch(url, json={"district": office.district, "number": "N-1a", "from": office.ago(90)}).json()
    assert fixed == {**ends, "number": "N-1a", "from": office.ago(90)} and numbers(at=office.ago(95)) == []
    assert office.coordinator.patch(url, json={"district": office.district, "to": office.ago(90)}).status_code == 422
    bad = {"district": office.district, "person": 999999999, "kind": "enforcement", "number": "x", "from": "2020-01-01"}
    assert office.coordinator.post(office.base + "/certificates", json=bad).status_code == 422
    assert office.coordinator.delete(url, params={"district": office.district, "reason": "录入错误"}).status_code == 204 and numbers() == ["N-2"]
    assert office.coordinator.delete(url, params={"district": office.district}).status_code == office.coordinator.patch(url, json={"district": office.district, "number": "y"}).status_code == 404
    part = make(server, "supervision-part", "coordinator", district=office.district, cell=office.cell["990903001"])
    refused = part.post(office.base + "/certificates", json={**bad, "person": person})
    assert refused.status_code == 403 and "whole district" in refused.json()["detail"] and holds["person_name"] == "赵海"


def test_exempt_enterprises_are_counted_apart_while_they_are(office, server):
    ask = dict(code="990903002", to=office.ago(-1))
    assert office.count("exempt_enterprises", **ask) == (0, None) and office.count("inspection_coverage", **ask)[1] == 1
    made = office.post("exemptions", enterprise=str(office.unit["C"]), ground="suspended", proof="停产报告 2026-3", **{"from": office.ago(50), "to": office.ago(-50)})
    assert office.count("exempt_enterprises", **ask) == (1, None) and office.count("inspection_coverage", **ask)[1] == 0
    assert office.count("inspection_coverage", code="990903002", to=office.ago(50))[1] == 1, "not before it began"
    body = {"enterprise": str(office.unit["C"]), "ground": "seasonal", "proof": "x", "from": office.ago(10)}
    assert office.coordinator.post(office.base + "/exemptions", json=body).status_code == 409, "it is exempt then"
    assert office.coordinator.post(office.base + "/exemptions", json={**body, "enterprise": str(office.cell["990903002"])}).status_code == 422
    assert office.coordinator.post(office.base + "/exemptions", json={**body, "from": "2019-01-01"}).status_code == 404, "the map begins later"
    def listed(**query):
        return [e["id"] for e in office.officer.get(office.base + "/exemptions", params=query).json()["items"]]
    assert listed(within="code:supervision-test:990903002") == listed(district=office.district) == [made["id"]] and listed(within="code:supervision-test:990903001") == []
    assert listed(within=str(office.unit["C"]), at=office.ago(51)) == [] and listed(within=str(office.unit["C"]), at=office.ago(50)) == [made["id"]]
    url = f"{office.base}/exemptions/{made['id']}"
    east = make(server, "supervision-east", "coordinator", district=office.district, cell=office.cell["990903001"])
    change = {"district": office.district, "to": office.ago(5), "reason": "复产"}
    assert east.patch(url, json=change).status_code == east.delete(url, params={"district": office.district}).status_code == east.post(office.base + "/exemptions", json=body).status_code == 403
    assert office.coordinator.patch(url, json=change).json() == {**made, "to": office.ago(5)}
    assert office.count("exempt_enterprises", **ask) == (0, None)
    assert office.coordinator.delete(url, params={"district": office.district}).status_code == 204 and listed(district=office.district) == []


def test_a_visit_rule_holds_from_its_day_and_what_was_known_stays(office):
    rules = lambda **query: office.officer.get(office.base + "/visit-rules", params={"district": office.district, **query}).json()["items"]
    general = [r for r in rules() if r["district"] is None]
    assert len(general) == 10 and all(r["from"] is r["to"] is None for r in general)
    rule = {"district": office.district, "kind": "patrol", "risk_grade": 2, "interval_days": 500, "grace_days": 3000, "yearly_cap": None, "from": office.ago(400)}
    late = lambda **query: office.row("patrol_overdue_enterprises", **query)["numerator"]
    assert late() == 2, "neither was ever patrolled"
    first = office.post("visit-rules", **rule)
    assert late() == 2, "a rule of later does not change what was owed from registration on"
    early = office.post("visit-rules", **{**rule, "from": "2019-06-01"})
    assert (early["from"], early["to"], first["to"]) == ("2019-06-01", office.ago(400), None) and late() == 1, "by the rule of its registration B is due later"
    second = office.post("visit-rules", **{**rule, "from": office.ago(100), "interval_days": 10})
    mine = [(r["interval_days"], r["from"], r["to"]) for r in rules() if r["district"] == office.district]
    assert mine == [(500, "2019-06-01", office.ago(400)), (500, office.ago(400), office.ago(100)), (10, office.ago(100), None)]
    assert office.post("visit-rules", **{**rule, "from": office.ago(100), "interval_days": 10}) == second, "saying it again changes nothing"
    assert office.post("visit-rules", **{**rule, "from": office.ago(150), "interval_days": 20})["to"] == office.ago(100), "up to the next"
    assert [r["interval_days"] for r in rules(at=office.ago(200)) if r["district"]] == [500] and rules(at=office.ago(1))[-6]["kind"] == "patrol" and rules(at=office.ago(1))[-6]["interval_days"] == 10
    wrong = office.coordinator.patch(f"{office.base}/visit-rules/{general[0]['id']}", json={"district": office.district, "to": office.ago(1)})
    assert wrong.status_code == 404 and "one of your own" in wrong.json()["detail"]
    end = lambda r, days: office.coordinator.patch(f"{office.base}/visit-rules/{r['id']}", json={"district": office.district, "to": office.ago(days), "reason": "废止"})
    assert end(second, 101).status_code == 422
    moment = now()
    assert end(second, 40).status_code == 204
    assert [(r["interval_days"], r["to"]) for r in rules(at=office.ago(50)) if r["district"]] == [(10, office.ago(40))] and [r for r in rules(at=office.ago(40)) if r["district"]] == []
    assert [r["to"] for r in rules(known_at=moment, at=office.ago(40)) if r["district"]] == [None]
    for r in (r for r in rules() if r["district"] == office.district):
        assert office.coordinator.patch(f"{office.base}/visit-rules/{r['id']}", json={"district": office.district, "to": r["from"]}).status_code == 204
    assert late() == 2 and [r for r in rules() if r["district"]] == []


def test_a_weight_holds_from_its_day(office):
    for grade in ("general", "major"):
        office.officer.post(office.base + "/hazards", json={"id": str(uuid.uuid4()), "district": office.district, "day": office.ago(20), "enterprise": office.unit["C"], "source": "patrol",
                                                            "grade": grade}).raise_for_status()
    weighted = lambda **query: (lambda f: (f["numerator"], f["detail"]["weights"]["major"]))(office.row("weighted_hazard_density", code="990903002", **query))
    assert weighted() == (11, 10)
    made = office.post("figure-weights", district=office.district, scale="severity", grade="major", weight=25, **{"from": office.ago(5)})
    assert weighted() == (26, 25) and weighted(to=office.ago(5)) == (11, 10)
    assert office.coordinator.post(office.base + "/figure-weights", json={"district": office.district, "scale": "risk", "grade": "major", "weight": 1, "from": "2024-01-01"}).status_code == 422
    held = office.officer.get(office.base + "/figure-weights", params={"district": office.district, "at": office.ago(0)}).json()["items"]
    assert [(w["weight"], w["district"]) for w in held if w["grade"] == "major"] == [(25, office.district), (10, None)]
    assert office.coordinator.patch(f"{office.base}/figure-weights/{made['id']}", json={"district": office.district, "to": office.ago(5)}).status_code == 204 and weighted() == (11, 10)


def test_posts_within_a_cell_are_those_that_the_network_counts(office, server):
    west, village = office.cell["990903002"], office.cell["990903002001"]
    here = lambda **query: sorted((a["post"], a["cell"]) for a in office.officer.get(office.base + "/assignments", params={"within": str(west), **query}).json()["items"])
    ask = dict(code="990903002")
    assert here() == [] and office.row("enterprises_per_safety_officer", **ask)["reason"] == "no_officer"
    for name in ("甲", "乙"):
        office.appoint(name, str(west), "enforcement_officer", **{"from": office.ago(60)})
    office.appoint("丙", str(village), "safety_officer", **{"from": office.ago(60), "to": office.ago(10)})
    office.appoint("丁", str(office.unit["C"]), "safety_informant", **{"from": office.ago(60)})
    informant, officer, safety = ("safety_informant", office.unit["C"]), ("enforcement_officer", west), ("safety_officer", village)
    assert here() == [officer, officer, informant] and here(at=office.ago(11)) == [officer, officer, informant, safety] and here(at=office.ago(61)) == []
    assert here(post="enforcement_officer,safety_officer", at=office.ago(11)) == [officer, officer, safety]
    assert office.count("officers_per_100_enterprises", **ask) == (2, 1) and office.count("officers_per_100_enterprises", to=office.ago(10), **ask) == (3, 1)
    assert office.count("enterprises_per_safety_officer", to=office.ago(10), **ask) == (1, 1)
    assert office.count("officers_per_100_enterprises", mode="as_of", as_of=office.ago(70), to=office.ago(10), **ask) == (3, 1), "those of the last day, by the map of another"
    direct = office.officer.get(office.base + "/figures", params={"within": "code:supervision-test:990903002", "level": "village", "from": office.ago(100), "to": office.ago(-1),
                                                                  "measures": "officers_per_100_enterprises"}).json()["direct"][0]["figures"]["officers_per_100_enterprises"]
    assert direct["numerator"] == len(office.officer.get(server.base + direct["records"]).json()["items"]) == 2, "the town's own"
    both = office.officer.get(office.base + "/assignments", params={"within": str(west), "cell": str(west)})
    assert both.status_code == 400 and both.json()["errors"][0]["field"] == "within"
    assert office.officer.get(office.base + "/assignments", params={"within": str(west), "post": "mayor"}).status_code == 400
    part = make(server, "supervision-viewer", "viewer", district=office.district, cell=office.cell["990903001"])
    assert part.get(office.base + "/assignments", params={"within": str(west)}).status_code == 403


PAPERS = """
[district]
scheme = "supervision-test"
enterprise_scheme = "supervision-test-units"
holds_from = 2020-01-01
[[table]]
kind = "person"
file = "people.csv"
columns = { key = "key", name = "name" }
[[table]]
kind = "certificate"
file = "certificates.csv"
columns = { key = "key", person = "person", kind = "kind", number = "number", from = "from", to = "to" }
[[table]]
kind = "exemption"
file = "exemptions.csv"
columns = { key = "key", enterprise = "unit", ground = "ground", proof = "proof", from = "from", to = "to" }
[[table]]
kind = "inspection"
file = "visits.csv"
columns = { key = "key", day = "day", enterprise = "unit", result = "result", department = "department", joint_id = "joint" }
[[table]]
kind = "hazard"
file = "hazards.csv"
columns = { key = "key", day = "day", enterprise = "unit", grade = "grade", visit_id = "visit", due_on = "due", reviewed_on = "reviewed", closed_on = "closed", extensions = "extensions" }
constants = { source = "inspection" }
[[table]]
kind = "step"
file = "steps.csv"
columns = { key = "key", hazard = "hazard", step = "step", day = "day", person = "person", reason = "reason", due_on = "due", passed = "passed" }
"""
FILES = {"people.csv": "key,name\nI1,周岚\n", "certificates.csv": "key,person,kind,number,from,to\nK1,I1,enforcement,鲁-1,2024/01/01,2027-01-01\nK2,I1,safety_engineer,鲁-2,2024-01-01,\n",
         "exemptions.csv": "key,unit,ground,proof,from,to\nF1,B,seasonal,备案,2021-11-01,2022-03-01\n",
         "visits.csv": "key,day,unit,result,department,joint\n1,2022-05-04,B,completed,应急,J1\n2,2022-05-04,B,completed,消防,J1\n3,2022-05-09,B,attempted,应急,\n",
         "hazards.csv": "key,day,unit,grade,visit,due,reviewed,closed,extensions\n1,2022-05-04,B,major,1,2022-08-01,2022-07-20,2022-07-21,1\n2,2022-05-04,B,general,1,2022-05-20,,2022-05-21,\n",
         "steps.csv": "key,hazard,step,day,person,reason,due,passed\n1,1,ordered,2022-05-05,周岚,责令,2022-06-30,\n2,1,extended,2022-06-20,周岚,同意延期,2022-08-01,\n3,1,reviewed,2022-07-20,周岚,合格,,true\n"}


def test_a_file_brings_what_supervision_needs(office, server):
    sent = lambda **changes: send(office.coordinator, server, {"recipe.toml": PAPERS, **FILES, **{k.replace("_csv", ".csv"): v for k, v in changes.items()}}).json()
    bad = {"certificates_csv": "key,person,kind,number,from,to\nK1,I9,enforcement,a,2024-01-01,\nK2,I1,driving,b,2024-01-01,\nK3,I1,enforcement,,2024-01-01,\nK4,I1,enforcement,c,2024-01-01,2023-01-01\nK5,I1,enforcement,d,x,\n",
           "exemptions_csv": "key,unit,ground,proof,from,to\nF1,Z,seasonal,p,2021-11-01,\nF2,B,lazy,p,2021-11-01,\n", "steps_csv": "key,hazard,step,day,person,reason,due,passed\n1,9,closed,2022-05-05,x,y,,\n2,1,reviewed,2022-05-05,x,y,,maybe\n"}
    report = sent(**bad)
    assert not report["written"] and [(b["file"], b["row"], b["column"]) for b in report["bad"]] == [
        ("certificates.csv", 2, "kind"), ("certificates.csv", 3, "number"), ("certificates.csv", 4, "to"), ("certificates.csv", 5, "from"), ("certificates.csv", 1, "person"),
        ("exemptions.csv", 2, "ground"), ("exemptions.csv", 1, "unit"), ("steps.csv", 2, "passed"), ("steps.csv", 1, "hazard")]
    assert sent()["written"] and all(t["added"] == t["changed"] == 0 for t in sent()["tables"]), "the same again changes nothing"
    person = next(p for p in office.coordinator.get(office.base + "/people", params={"district": office.district, "q": "周岚"}).json()["items"])["id"]
    held = lambda: [(c["number"], c["from"], c["to"]) for c in office.coordinator.get(office.base + "/certificates", params={"district": office.district, "person": person}).json()["items"]]
    assert held() == [("鲁-1", "2024-01-01", "2027-01-01"), ("鲁-2", "2024-01-01", None)]
    changed = sent(certificates_csv=FILES["certificates.csv"].replace("2027-01-01", "2025-01-01"))
    assert [t["changed"] for t in changed["tables"] if t["table"] == "certificate"] == [1] and held()[0] == ("鲁-1", "2024-01-01", "2025-01-01")
    refused = sent(steps_csv=FILES["steps.csv"].replace("合格", "不合格"))
    assert not refused["written"] and refused["bad"][0]["column"] == "key" and "as another step" in refused["bad"][0]["reason"]
    year = dict(code="990903001", **{"from": "2022-01-01"}, to="2023-01-01")
    visits = office.officer.get(office.base + "/inspections", params={"district": office.district, "from": "2022-05-04", "to": "2022-05-10"}).json()["items"]
    assert len(visits) == 3 and len({v["joint_id"] for v in visits if v["joint_id"]}) == 1 and office.row("inspections_attempted", **year)["numerator"] == 1
    assert office.row("inspection_visits", **year)["numerator"] == 2 and office.count("inspection_coverage", **year) == (1, 2)
    hazards = office.officer.get(office.base + "/hazards", params={"district": office.district, "from": "2022-05-04", "to": "2022-05-05"}).json()["items"]
    assert {h["visit_id"] for h in hazards} <= {v["id"] for v in visits} and len(hazards) == 2
    assert office.count("on_time_rate", **year) == (1, 2) and office.count("major_reinspection", **year) == (1, 1)
    major = next(h for h in hazards if h["grade"] == "major")
    steps = office.officer.get(f"{office.base}/hazards/{major['id']}/steps").json()["items"]
    assert [(s["step"], s.get("due_on"), s.get("passed")) for s in steps] == [("found", None, None), ("ordered", "2022-06-30", None), ("extended", "2022-08-01", None), ("reviewed", None, True)]
    assert office.row("exempt_enterprises", code="990903001", **{"from": "2022-01-01"}, to="2022-02-01")["numerator"] == 1
