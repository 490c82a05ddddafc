"""Standing assignments beside posts: contact points, which make nobody responsible, and entrustments of enforcement, which have matters, powers, limits and a term."""
import time

import pytest

from plans import psql
from test_hazard_loop import API, layer
from test_rights import make
from test_supervision import RECIPE
from test_transfers import send, square

SCHEME = "standing-test"
RECIPE = RECIPE.replace("supervision-test", SCHEME).replace("990903", "990917")
UNITS = "code,name,industry,risk,lon,lat\nA,甲厂,C26,1,134.02,30.05\nP,在建项目,E47,2,134.04,30.05\n"
CONTACTS = """
[[table]]
kind = "person"
file = "people.csv"
columns = { key = "key", name = "name" }
[[table]]
kind = "contact_point"
file = "contacts.csv"
columns = { key = "key", cell = "cell", enterprise = "unit", person = "person", visit_days = "days", from = "from", to = "to" }
"""
HEAD = f'[district]\nscheme = "{SCHEME}"\nenterprise_scheme = "{SCHEME}-units"\nholds_from = 2020-01-01\n'


@pytest.fixture(scope="module")
def office(server):
    """A district of this file's own, of two towns with a village each, with a safety officer in the east, a leader, and two coordinators: of all of it, and of the east alone."""
    villages = [square("990917001001", "东村", 134.0), square("990917002001", "西村", 134.1)]
    for v in villages:
        v["properties"]["parent"] = v["properties"]["code"][:9]
    all_of_it = server.session("coordinator")
    sent = send(all_of_it, server, {"recipe.toml": RECIPE, "units.csv": UNITS, "towns.geojson": layer(square("990917001", "东镇", 134.0), square("990917002", "西镇", 134.1)), "villages.geojson": layer(*villages)})
    assert sent.status_code == 201 and sent.json()["written"], sent.text

    class Office:
        base, coordinator, viewer, district = server.base + API, all_of_it, server.session("leader"), server.district(SCHEME)

        def get(self, path, session=None, **query):
            answer = (session or self.viewer).get(f"{self.base}/{path}", params=query)
            assert answer.status_code == 200, answer.text
            return answer.json()

        def post(self, path, session=None, **body):
            answer = (session or self.coordinator).post(f"{self.base}/{path}", json=body)
            assert answer.status_code == 201, answer.text
            return answer.json()

        def change(self, one, path, session=None, **body):
            return (session or self.coordinator).patch(f"{self.base}/{path}/{one['id']}", json={"district": self.district, **body})

        def at_factory(self, **query):
            """Who is responsible at the factory, and whose contact points there are in its chain."""
            answer = self.get("locate", lon=134.02, lat=30.05, **query)
            of_village = self.get(f"cells/{self.cells['990917001001']}/ancestors", **query)
            assert answer.pop("overlays") == [] and answer == of_village
            return [h["person"]["name"] for link in answer["chain"] for h in link["holders"]], [(c["cell"], c["person"]["name"], c["visit_days"]) for c in answer["contact_points"]]

    one = Office()
    one.cells = {code: one.get(f"cells/code:{SCHEME}:{code}")["id"] for code in ("990917", "990917001", "990917002", "990917001001", "990917002001")}
    one.units = {e["code"]: e["id"] for e in one.get("enterprises", district=one.district)["items"]}
    officer, one.leader = (one.post("people", district=one.district, name=name, phone="13800001234")["id"] for name in ("村安全员", "联系领导"))
    one.post("assignments", cell=str(one.cells["990917001001"]), post="safety_officer", person=officer, **{"from": "2024-01-01"})
    one.east = make(server, "standing-east", "coordinator", district=one.district, cell=one.cells["990917001"])
    return one


def test_a_contact_point_stands_beside_the_chain(office):
    """From its first day to its last it is told of where its cell is in the chain; who holds a post, what is vacant and who must visit stay as they were."""
    village, town, unit = (str(c) for c in (office.cells["990917001001"], office.cells["990917001"], office.units["A"]))
    asked = {"within": str(office.cells["990917"]), "level": "village", "measures": "effective_supervision,officers_per_100_enterprises", "from": "2025-01-01", "to": "2026-01-01"}
    before = office.at_factory(), office.get("vacancies", within=f"code:{SCHEME}:990917")["items"], [r["figures"] for r in office.get("figures", **asked)["rows"]]
    assert before[0] == (["村安全员"], [])
    made = office.post("contact-points", cell=village, person=office.leader, visit_days=30, **{"from": "2024-03-01"})
    assert made == {"id": made["id"], "district": office.district, "cell": int(village), "person": office.leader, "person_name": "联系领导", "visit_days": 30, "from": "2024-03-01", "to": None}
    of_town = office.post("contact-points", cell=town, person=office.leader, **{"from": "2024-03-01", "to": "2025-01-01"})
    assert office.at_factory(at="2024-06-01") == (["村安全员"], [(int(village), "联系领导", 30), (int(town), "联系领导", None)])
    assert office.at_factory(at="2024-02-29") == (["村安全员"], []) and office.at_factory(at="2025-01-01") == (["村安全员"], [(int(village), "联系领导", 30)])
    assert (office.at_factory()[0], office.get("vacancies", within=f"code:{SCHEME}:990917")["items"], [r["figures"] for r in office.get("figures", **asked)["rows"]]) == (before[0][0], *before[1:])
    of_unit = office.post("contact-points", cell=unit, person=office.leader, **{"from": "2024-03-01"})
    chain = office.get(f"cells/{unit}/ancestors", at="2024-06-01")
    assert [c["cell"] for c in chain["contact_points"]] == [int(unit), int(village), int(town)] and chain["contact_points"][0]["person"]["phone"] == "138****1234"
    assert office.at_factory(at="2024-06-01")[1] == [(int(village), "联系领导", 30), (int(town), "联系领导", None)], "an enterprise is no cell at a point"
    listed = lambda **query: [c["id"] for c in office.get("contact-points", **query)["items"]]
    everything = [made["id"], of_town["id"], of_unit["id"]]
    assert listed(district=office.district) == listed(within=f"code:{SCHEME}:990917") == listed(within=town, at="2024-06-01") == listed(district=office.district, person=office.leader) == everything
    assert listed(within=village) == [made["id"], of_unit["id"]] and listed(within=unit) == [of_unit["id"]] and listed(within=f"code:{SCHEME}:990917002") == []
    assert listed(district=office.district, at="2025-01-01") == [made["id"], of_unit["id"]] and listed(district=office.district, at="2024-02-01") == []
    for one in (made, of_town, of_unit):
        assert office.coordinator.delete(f"{office.base}/contact-points/{one['id']}", params={"district": office.district}).status_code == 204


def test_a_contact_point_is_ended_corrected_and_known_as_it_was(office, server):
    village = str(office.cells["990917001001"])
    made = office.post("contact-points", office.east, cell=village, person=office.leader, visit_days=30, **{"from": "2024-03-01"})
    time.sleep(0.01)
    known_at = psql(server, "select clock_timestamp()::text").strip().replace(" ", "T").replace("+00", "Z")
    body = {"cell": village, "person": office.leader, "from": "2024-05-01"}
    assert office.coordinator.post(office.base + "/contact-points", json=body).status_code == 409, "it is that already"
    ended = office.change(made, "contact-points", office.east, to="2025-01-01", reason="分工调整")
    assert ended.status_code == 200 and ended.json() == {**made, "to": "2025-01-01"} and office.at_factory()[1] == []
    assert office.get("contact-points", district=office.district)["items"] == [ended.json()] and office.get("contact-points", district=office.district, known_at=known_at)["items"] == [made]
    assert office.change(made, "contact-points", to="2024-03-01").status_code == 422 and office.change({"id": 999999}, "contact-points", to="2025-01-01").status_code == 404
    again = office.post("contact-points", cell=village, person=office.leader, **{"from": "2025-01-01"})
    assert office.at_factory()[1] == [(int(village), "联系领导", None)]
    for wrong, status in (({"cell": str(office.cells["990917"])}, 422), ({"person": 999999}, 422), ({"from": "2019-01-01"}, 404), ({"cell": f"code:{SCHEME}:990917002001", "to": "2024-01-01"}, 422), ({"visit_days": 0}, 400)):
        assert office.coordinator.post(office.base + "/contact-points", json={**body, **wrong}).status_code == status, wrong
    west = {**body, "cell": f"code:{SCHEME}:990917002001"}
    assert office.east.post(office.base + "/contact-points", json=west).status_code == 403
    in_west = office.post("contact-points", **west)
    assert office.change(in_west, "contact-points", office.east, to="2024-06-01").status_code == office.east.delete(f"{office.base}/contact-points/{in_west['id']}", params={"district": office.district}).status_code == 403
    for one in (made, again, in_west):
        assert office.coordinator.delete(f"{office.base}/contact-points/{one['id']}", params={"district": office.district, "reason": "误录"}).status_code == 204
    trail = psql(server, f"select action, actor, coalesce(reason, '') from audit where entity = 'contact_point' and entity_id = '{made['id']}' and district_id = {office.district} order by id").splitlines()
    assert [line.split("\t")[0] for line in trail] == ["create", "correct", "withdraw"] and trail[1].endswith("standing-east\t分工调整") and trail[2].endswith("误录")
    told = lambda: psql(server, f"select topic, areas @> array[{office.cells['990917001']}, {village}]::bigint[] from notice where district_id = {office.district} and topic like 'contact_point.%' and payload->>'id' = '{made['id']}' order by id").split()
    for _ in range(50):
        if len(told()) == 6:
            break
        time.sleep(0.1)
    assert told() == ["contact_point.create", "t", "contact_point.correct", "t", "contact_point.withdraw", "t"]


def test_contact_points_come_from_a_file(office, server):
    rows = "key,cell,unit,person,days,from,to\n1,990917002,,L1,60,2024-01-01,\n2,,P,L1,,2024-02-01,2025-02-01\n"
    sent = lambda contacts: send(office.coordinator, server, {"recipe.toml": HEAD + CONTACTS, "people.csv": "key,name\nL1,镇长\n", "contacts.csv": contacts}).json()
    bad = sent("key,cell,unit,person,days,from,to\n1,990917009,,L1,60,2024-01-01,\n2,,Q,L1,,2024-02-01,\n3,990917002,,L9,,2024-02-01,\n4,990917002,,L1,x,2024-02-01,\n")
    assert not bad["written"] and {(b["row"], b["column"]) for b in bad["bad"]} == {(1, "cell"), (2, "unit"), (3, "person"), (4, "days")}
    assert sent(rows)["tables"][1]["added"] == 2 and [sent(rows)["tables"][1][k] for k in ("added", "changed", "as_before")] == [0, 0, 2]
    held = lambda: [(c["cell"], c["person_name"], c["visit_days"], c["from"], c["to"]) for c in office.get("contact-points", district=office.district)["items"]]
    assert held() == [(office.cells["990917002"], "镇长", 60, "2024-01-01", None), (office.units["P"], "镇长", None, "2024-02-01", "2025-02-01")]
    assert sent(rows.replace(",60,", ",30,"))["tables"][1]["changed"] == 1 and held()[0][2] == 30
    for one in office.get("contact-points", district=office.district)["items"]:
        office.coordinator.delete(f"{office.base}/contact-points/{one['id']}", params={"district": office.district})


def test_an_entrustment_states_matters_powers_and_term(office, server):
    body = {"cell": f"code:{SCHEME}:990917001", "department": "区应急管理局", "body": "东镇综合行政执法队", "document_no": "应急委〔2025〕1号", "published": "http://www.example.gov.cn/wt/1", "matters": ["工矿商贸企业安全生产检查", "非事故类处罚"],
            "powers": ["行政检查", "行政处罚"], "limit_person_yuan": 20000, "limit_unit_yuan": 50000, "from": "2025-01-01", "to": "2026-01-01"}
    for missing in ("matters", "powers", "to", "published", "document_no"):
        assert office.coordinator.post(office.base + "/entrustments", json={k: v for k, v in body.items() if k != missing}).status_code == 400, missing
    for wrong, status in (({"matters": []}, 400), ({"to": "2025-01-01"}, 422), ({"cell": str(office.cells["990917001001"])}, 422), ({"cell": str(office.cells["990917"])}, 422), ({"limit_unit_yuan": 0}, 400), ({"to": None}, 400)):
        assert office.coordinator.post(office.base + "/entrustments", json={**body, **wrong}).status_code == status, wrong
    assert office.east.post(office.base + "/entrustments", json=body).status_code == 403, "one town does not entrust itself"
    made = office.post("entrustments", **body)
    assert made == {"id": made["id"], "district": office.district, **body, "cell": office.cells["990917001"]}
    assert office.coordinator.post(office.base + "/entrustments", json=body).status_code == 409, "by this document it is entrusted then"
    listed = lambda **query: [e["id"] for e in office.get("entrustments", **query)["items"]]
    assert listed(district=office.district) == listed(cell=f"code:{SCHEME}:990917001") == listed(cell=f"code:{SCHEME}:990917001", at="2025-12-31") == [made["id"]]
    assert listed(cell=f"code:{SCHEME}:990917002") == listed(district=office.district, at="2026-01-01") == listed(district=office.district, at="2024-12-31") == []
    time.sleep(0.01)
    known_at = psql(server, "select clock_timestamp()::text").strip().replace(" ", "T").replace("+00", "Z")
    revoked = office.change(made, "entrustments", to="2025-07-01", limit_unit_yuan=None, reason="撤回委托")
    assert revoked.status_code == 200 and revoked.json() == {**made, "to": "2025-07-01", "limit_unit_yuan": None} and listed(district=office.district, at="2025-07-01") == []
    assert office.get("entrustments", district=office.district, known_at=known_at)["items"] == [made]
    assert office.change(made, "entrustments", office.east, to="2025-03-01").status_code == 403 and office.change(made, "entrustments", matters=[]).status_code == 400
    assert office.coordinator.delete(f"{office.base}/entrustments/{made['id']}", params={"district": office.district}).status_code == 204 and listed(district=office.district) == []
    assert psql(server, f"select string_agg(action, ' ' order by id) from audit where entity = 'entrustment' and district_id = {office.district}") == "create correct withdraw\n"


def test_both_are_told_to_those_of_the_district(office, server):
    elsewhere = make(server, "standing-elsewhere", "viewer", district=server.district())
    for path in ("contact-points", "entrustments"):
        assert elsewhere.get(f"{office.base}/{path}", params={"district": office.district}).status_code == 403
        assert office.viewer.get(f"{office.base}/{path}").status_code == 400
        assert office.viewer.post(f"{office.base}/{path}", json={}).status_code == 403
        sheet = office.viewer.get(f"{office.base}/{path}", params={"district": office.district, "format": "csv"})
        assert sheet.status_code == 200 and sheet.content.decode("utf-8-sig").startswith("id,district,cell,")
