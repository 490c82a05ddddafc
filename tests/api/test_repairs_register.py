"""What is wrong with codes, certificates and single shapes has a repair too, which goes into a plan as it is and solves the finding."""
import pytest

from plans import District, psql
from test_findings import findings
from test_repairs import mend
from test_transfers import send


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("register"), "register", 11, 123.0)


def told(office, *kinds):
    return {(f["kind"], f["cell"]["code"]): f for f in findings(office.leader, office.server, within=office.code("D")) if f["kind"] in kinds}


def test_an_invalid_shape_is_drawn_as_geos_makes_it_valid(office):
    west, south = office.box["V00"]
    x = lambda k: round(west + k * 0.02, 6)  # noqa: E731
    bow = f"MULTIPOLYGON((({x(0)} {south}, {x(1)} {south + 0.02}, {x(1)} {south}, {x(0)} {south + 0.02}, {x(0)} {south})))"
    psql(office.server, f"update cell_shape set geom = ST_GeomFromText('{bow}', 4490) where district_id = {office.id} and cell_id = {office.cell['V00']} and upper_inf(recorded)")
    psql(office.server, f"select bump({office.id}, true)")
    bad = told(office, "invalid_shape")
    assert set(bad) == {("invalid_shape", "V00")}
    repair = bad["invalid_shape", "V00"]["repair"]
    assert [o["kind"] for o in repair] == ["boundary"] and len(repair[0]["geometry"]["coordinates"]) == 2, "two triangles"
    changed = mend(office.server, office.coordinator, office.scheme, bad["invalid_shape", "V00"])
    assert bad["invalid_shape", "V00"]["id"] in {f["id"] for f in changed["solved"]}
    assert told(office, "invalid_shape") == {}
    assert psql(office.server, f"select ST_IsValid(geom), round(ST_Area(geom)::numeric, 6) from cell_shape where district_id = {office.id} and cell_id = {office.cell['V00']} and upper_inf(recorded) and upper_inf(valid)").split() == ["t", "0.000200"]


def test_who_lacks_a_certificate_is_stood_in_for(office):
    able, lacking = office.people[:2]
    for person, day in ((able, "2099-01-01"), (lacking, "2024-06-01")):
        answer = office.coordinator.post(office.server.base + "/api/v1/certificates", json={"district": office.id, "person": person, "kind": "enforcement", "number": f"证{person}", "from": "2020-01-01", "to": day})
        assert answer.status_code == 201, answer.text
    for town, person in (("T0", able), ("T1", lacking)):
        answer = office.coordinator.post(office.server.base + "/api/v1/assignments", json={"cell": office.code(town), "post": "enforcement_officer", "person": person, "from": "2024-01-01"})
        assert answer.status_code == 201, answer.text
    bad = told(office, "certificate_missing")
    assert set(bad) == {("certificate_missing", "T1")}
    assert bad["certificate_missing", "T1"]["repair"] == [{"kind": "assign", "cell": str(office.cell["T1"]), "post": "enforcement_officer", "person": able, "acting": True, "replacing": lacking}]
    mend(office.server, office.coordinator, office.scheme, bad["certificate_missing", "T1"])
    assert told(office, "certificate_missing") == {}


def test_a_code_that_another_bore_is_issued_anew(office):
    one, former = office.cell["V02"], office.cell["V03"]
    psql(office.server, f"""
      update cell_code set valid = daterange(lower(valid), '2024-01-01') where district_id = {office.id} and cell_id in ({one}, {former}) and upper_inf(recorded);
      insert into cell_code (district_id, cell_id, scheme, code, valid) values ({office.id}, {one}, '{office.scheme}', 'V03', daterange('2024-01-01', null)), ({office.id}, {former}, '{office.scheme}', 'V03x', daterange('2024-01-01', null));
      select bump({office.id}, true)""")
    bad = told(office, "code_reused")
    assert set(bad) == {("code_reused", "V03")} and bad["code_reused", "V03"]["cell"]["id"] == one
    assert bad["code_reused", "V03"]["repair"] == [{"kind": "recode", "cell": str(one), "scheme": office.scheme, "code": "V03-2"}]
    mend(office.server, office.coordinator, office.scheme, bad["code_reused", "V03"])
    assert told(office, "code_reused") == {}
    assert office.leader.get(office.server.base + f"/api/v1/cells/{office.code('V03-2')}").json()["id"] == one
    assert office.leader.get(office.server.base + f"/api/v1/cells/{office.code('V02')}", params={"at": "2023-06-01"}).json()["id"] == one, "what it was called before, it was"
    for code in ("V03-2", "V03", "V04"):
        refused = office.draft({"kind": "recode", "cell": office.code("V05"), "code": code}, status=422)
        assert "not given twice" in refused["detail"]
    plan = office.carry({"kind": "recode", "cell": office.code("V05"), "code": "V05n"})
    assert plan["needs_approval"] and plan["operations"][0]["was"] == {"code": "V05", "scheme": office.scheme}
    office.take_back(plan)
    assert office.leader.get(office.server.base + f"/api/v1/cells/{office.code('V05')}").json()["id"] == office.cell["V05"]
    office.recounted()


RECIPE = """
[district]
scheme = "cn-register"
holds_from = 2020-01-01
[[table]]
kind = "district"
constants = { code = "990918000000", name = "编码区", kind = "区" }
[[table]]
kind = "town"
file = "towns.csv"
columns = { code = "code", name = "code" }
constants = { parent = "990918000000" }
[[table]]
kind = "village"
file = "villages.csv"
columns = { code = "code", name = "code", parent = "parent" }
"""


def test_a_code_that_is_not_its_parents_is_issued_anew_under_it(server):
    """Two villages with codes of the other town: one keeps its last digits, of the other these are taken."""
    me = server.session("coordinator")
    done = send(me, server, {"recipe.toml": RECIPE, "towns.csv": b"code\n990918001000\n990918002000\n",
                             "villages.csv": b"code,parent\n990918001001,990918001000\n990918001002,990918002000\n990918001205,990918002000\n990918002001,990918002000\n990918002205,990918002000\n"})
    assert done.status_code == 201, done.text
    bad = {f["cell"]["code"]: f for f in findings(me, server, within="code:cn-register:990918000000") if f["kind"] == "code_prefix"}
    proposed = {code: f["repair"][0]["code"] for code, f in bad.items()}
    assert proposed == {"990918001002": "990918002002", "990918001205": "990918002200"}
    for f in bad.values():
        mend(server, me, "cn-register", f)
    assert not [f for f in findings(me, server, within="code:cn-register:990918000000") if f["kind"].startswith("code_")]
