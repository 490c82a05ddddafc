"""Assessment periods (考核期): what is signed stays, and beside it stands what is known now."""
import collections
import concurrent.futures
import csv
import datetime
import io
import subprocess
import time
import uuid

import pytest

from plans import STEP, District, psql
from test_rights import make

ALL = "all"
MEASURES = ["hazard_density", "open_hazard_density", "inspection_coverage", "inspection_visits"]
FROM, TO = "2022-01-01", "2026-01-01"


class Assessments:
    """What the test asks of a made-up district."""

    def __init__(self, office):
        self.office, self.base = office, office.server.base + "/api/v1/assessments"
        self.all = list(office.leader.get(office.server.base + "/api/v1/figures", params={"within": office.code("D"), "level": "district", "from": FROM, "to": TO, "measures": ALL}).json()["rows"][0]["figures"])

    def draft(self, status=201, who=None, **more):
        body = {"within": self.office.code("D"), "levels": ["town", "village"], "from": FROM, "to": TO, "measures": MEASURES, "title": "年度考核", "reason": "年度考核办法", "document_no": "安委〔2026〕1号", **more}
        answer = (who or self.office.coordinator).post(self.base, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def sign(self, draft, status=200, who=None, match=None, key=None, **body):
        answer = (who or self.office.approver).post(f"{self.base}/{draft['id']}/sign", json=body, headers={"If-Match": match or f'"{draft["version"]}"', "Idempotency-Key": key or str(uuid.uuid4())})
        assert answer.status_code == status, answer.text
        return answer.json()

    def signed(self, **more):
        return self.sign(self.draft(**more))

    def get(self, assessment, status=200, who=None):
        answer = (who or self.office.leader).get(f"{self.base}/{assessment['id']}")
        assert answer.status_code == status, answer.text
        return answer.json()

    def figures(self, assessment, **query):
        answer = self.office.leader.get(f"{self.base}/{assessment['id']}/figures", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def differing(self, assessment):
        """{(level, part, code, measure): (signed value, restated value)}, of what differs."""
        out = {}
        for row in self.figures(assessment, differing="true")["rows"]:
            for f in row["figures"]:
                assert f["differs"]
                out[row["level"], row["part"], row["cell"].get("code", ""), f["measure"]] = tuple(f[side]["value"] if side in f else None for side in ("signed", "restated"))
        return out


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("assess"), "assess", 9, 124.0)


@pytest.fixture(scope="module")
def desk(office):
    return Assessments(office)


def sides(document, side):
    """{(part, code): {measure: figure}} of one level of an answer."""
    return {(row["part"], row["cell"].get("code", "")): {f["measure"]: f[side] for f in row["figures"]} for row in document["rows"]}


def answered(office, level, **query):
    """The same of /api/v1/figures."""
    document = office.figures(level=level, **{"from": FROM, "to": TO, **query})
    out = {("cell", row["cell"]["code"]): row["figures"] for row in document["rows"]}
    out |= {("direct", row["cell"]["code"]): row["figures"] for row in document["direct"]}
    return out | ({("unplaced", ""): document["unplaced"]["figures"]} if document["unplaced"] else {})


@pytest.mark.parametrize("ask", [{}, {"mode": "as_of", "as_of": "2025-06-30"}, {"source": "patrol", "grade": "general"}], ids=["as_was", "as_of", "filtered"])
def test_what_is_signed_is_what_is_answered_for_that_instant(office, desk, ask):
    draft = desk.draft(measures=desk.all, **ask)
    assert draft["status"] == "draft" and draft["known_at"] is None and desk.figures(draft)["rows"][0]["figures"][0].keys() == {"measure", "differs", "restated"}
    signed = desk.sign(draft)
    assert signed["status"] == "signed" and signed["signed_by"] == "approver" and signed["version"] != draft["version"]
    total = 0
    for level in ("town", "village"):
        document = desk.figures(signed, level=level)
        assert document["differing"] == 0, [f for row in document["rows"] for f in row["figures"] if f["differs"]][:3]
        query = {"measures": ",".join(desk.all), **ask}
        assert sides(document, "signed") == answered(office, level, known_at=signed["known_at"], **query)
        assert sides(document, "restated") == answered(office, level, **query)
        total += document["figures"]
    assert signed["figures"] == total > 500


def test_a_life_is_in_the_trail(office, desk):
    draft = desk.draft(document_no=None)
    desk.sign(draft, status=422)  # no document number
    assert office.coordinator.patch(f"{desk.base}/{draft['id']}", json={"title": "改"}).status_code == 428
    changed = office.coordinator.patch(f"{desk.base}/{draft['id']}", json={"title": "改"}, headers={"If-Match": f'"{draft["version"]}"'}).json()
    assert changed["title"] == "改" and changed["version"] == "2"
    desk.sign(draft, status=412, document_no="1")
    signed = desk.sign(changed, document_no="安委〔2026〕2号", comment="同意")
    assert (signed["document_no"], signed["comment"], signed["author"]) == ("安委〔2026〕2号", "同意", "coordinator")
    for format, head in (("pdf", b"%PDF-"), ("png", b"\x89PNG")):
        assert office.leader.get(f"{desk.base}/{draft['id']}/paper", params={"format": format}).content.startswith(head)
    desk.sign(signed, status=409)
    for method, path in (("DELETE", ""), ("PATCH", "")):
        assert office.coordinator.request(method, f"{desk.base}/{draft['id']}{path}", json={"title": "x"} if method == "PATCH" else None, headers={"If-Match": "*"}).status_code == 409
    aside = desk.draft()
    assert office.coordinator.delete(f"{desk.base}/{aside['id']}", headers={"If-Match": "*"}).json()["status"] == "discarded"
    listed = office.leader.get(desk.base, params={"district": office.id, "limit": 2}).json()
    assert [a["id"] for a in listed["items"]] == [aside["id"], draft["id"]] and listed["next"]
    assert {a["status"] for a in office.leader.get(desk.base, params={"district": office.id, "status": "signed"}).json()["items"]} == {"signed"}
    trail = make(office.server, "assess-auditor", "auditor", district=office.id).get(office.server.base + "/api/v1/audit", params={"district": office.id, "entity": "assessment", "entity_id": draft["id"]}).json()["items"]
    assert [t["action"] for t in trail] == ["sign", "change", "draft"] and trail[0]["after"]["figures"] == signed["figures"] and len(trail[0]["after"]["digest"]) == 64
    told = psql(office.server, f"select topic from outbox where payload->>'id' = '{draft['id']}' union all select topic from notice where payload->>'id' = '{draft['id']}'").split()
    assert sorted(told) == ["assessment.change", "assessment.draft", "assessment.sign"]


def test_what_cannot_be_drafted(office, desk):
    tomorrow = str(office.today + datetime.timedelta(1))
    desk.draft(status=422, to=tomorrow)
    desk.draft(to=str(office.today))  # yesterday is over
    for wrong in ({"measures": ["beauty"]}, {"measures": ["all"]}, {"mode": "as_of"}, {"mode": "as_is"}, {"mode": "as_of", "as_of": tomorrow}, {"levels": []}, {"to": FROM}):
        desk.draft(status=400, **wrong)
    desk.draft(status=400, within=office.code("T0"), levels=["district"])
    desk.draft(status=404, supersedes=str(uuid.uuid4()))
    desk.draft(status=409, supersedes=desk.draft()["id"])


def test_who_drafts_does_not_sign(office, desk):
    both = make(office.server, "assess-both", "coordinator", district=office.id)
    make(office.server, "assess-both", "approver", district=office.id)
    draft = desk.draft(who=both)
    desk.sign(draft, who=both, status=403)
    desk.sign(draft, who=office.coordinator, status=403)
    desk.sign(draft)


def test_rights_go_by_the_subtree(office, desk):
    signed, own = desk.signed(), desk.signed(within=office.code("T0"), levels=["village"])
    for role in ("viewer", "leader", "coordinator", "approver", "officer", "auditor"):
        town = make(office.server, f"assess-t0-{role}", role, district=office.id, cell=office.cell["T0"])
        desk.get(signed, who=town, status=403)
        assert desk.get(own, who=town)["id"] == own["id"]
        assert town.get(f"{desk.base}/{signed['id']}/figures").status_code == 403 and town.get(f"{desk.base}/{own['id']}/figures").status_code == 200
        assert {a["cell"] for a in town.get(desk.base, params={"district": office.id}).json()["items"]} == {office.cell["T0"]}
    other = make(office.server, "assess-t1", "coordinator", district=office.id, cell=office.cell["T1"])
    desk.draft(who=other, status=403)
    desk.draft(who=other, status=403, within=office.code("T0"), levels=["village"])
    assert other.post(f"{desk.base}/{signed['id']}/withdraw", json={"reason": "x"}).status_code == 403
    desk.sign(desk.draft(), who=make(office.server, "assess-t0-approver", "approver", district=office.id, cell=office.cell["T0"]), status=403)
    assert make(office.server, "assess-admin", "admin").get(desk.base, params={"district": office.id}).status_code == 403


@pytest.mark.parametrize("statement", [
    "update assessment set title = 'x' where id = '{id}'", "update assessment set status = 'draft' where id = '{id}'", "update assessment set known_at = now() where id = '{id}'",
    "update assessment set status = 'discarded', signed_at = null where id = '{id}'", "update assessment set status = 'withdrawn', replaced_by = '{id}', signed_by = 'x' where id = '{id}'",
    "delete from assessment where id = '{id}'", "update assessment_figure set value = 0 where assessment = '{id}'", "delete from assessment_figure where assessment = '{id}'", "truncate assessment_figure",
    "insert into assessment_figure (assessment, n, level, part, cell_id, measure, unit, numerator) values ('{id}', 0, 'town', 'cell', 1, 'x', '1', 1)",
    "insert into assessment_figure select '{id}', n + 100000, level, part, cell_id, scheme, code, name, measure, value, unit, numerator, denominator, denominator_unit, low, high, reason, detail from assessment_figure where assessment = '{id}'",
    "alter table assessment_figure disable trigger all", "set session_replication_role = replica; delete from assessment_figure where assessment = '{id}'"])
def test_the_servers_own_role_cannot_change_what_is_signed(office, desk, statement):
    signed = desk.signed(levels=["town"])
    before = desk.figures(signed)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        psql(office.server, statement.format(id=signed["id"]))
    assert "kept as" in refused.value.stderr or "permission denied" in refused.value.stderr or "must be owner" in refused.value.stderr, refused.value.stderr
    assert desk.figures(signed) == before


def test_of_two_signers_at_once_one_signs(office, desk):
    other = make(office.server, "assess-approver", "approver", district=office.id)
    for _ in range(3):
        draft = desk.draft()
        ask = lambda who: who.post(f"{desk.base}/{draft['id']}/sign", json={}, headers={"If-Match": f'"{draft["version"]}"'})
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(ask, [office.approver, other]))
        assert sorted(a.status_code for a in answers) == [200, 409], [a.text for a in answers]
        assert desk.get(draft)["signed_by"] == next(a for a in answers if a.status_code == 200).json()["signed_by"]
    draft, key = desk.draft(), str(uuid.uuid4())
    assert desk.sign(draft, key=key) == desk.sign(draft, key=key), "the same deed twice"


def test_nobody_s_write_falls_between_what_is_signed_and_its_instant(office, desk):
    """While others write without a pause, what was signed is what is answered for its instant ever after."""
    stop, written = False, 0
    officer = make(office.server, "assess-officer", "officer", district=office.id)

    def write():
        nonlocal written
        while not stop:
            answer = officer.post(office.server.base + "/api/v1/patrols", json={"id": str(uuid.uuid4()), "district": office.id, "day": "2024-05-05", "enterprise": office.cell["e1"], "result": "completed"})
            assert answer.status_code == 201, answer.text
            written += 1

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write) for _ in range(3)]
        signed = []
        for _ in range(5):
            signed.append(desk.signed(levels=["village"], measures=["patrol_visits"]))
            time.sleep(0.05)
        stop = True
        [w.result() for w in writers]
    assert written > 10
    values = []
    for one in signed:
        then = sides(desk.figures(one), "signed")
        assert then == answered(office, "village", known_at=one["known_at"], measures="patrol_visits")
        values.append(sum(f["patrol_visits"]["numerator"] for f in then.values()))
    assert values == sorted(values) and values[0] < values[-1], values


def test_a_correction_after_the_signature_stands_beside_it(office, desk):
    signed = desk.signed(measures=[*MEASURES, "patrol_visits"])
    assert desk.differing(signed) == {}
    hazard = next(h for h in office.leader.get(office.server.base + "/api/v1/hazards", params={"cell": office.code("V00"), "from": FROM, "to": TO, "limit": 1000}).json()["items"] if not h["closed_on"])
    path = office.server.base + f"/api/v1/hazards/{hazard['id']}"
    assert office.coordinator.patch(path, json={"day": "2021-12-31", "reason": "录错日期"}, headers={"If-Match": "*"}).status_code == 200
    differing = desk.differing(signed)
    assert set(differing) == {(level, "cell", code, "hazard_density") for level, code in (("town", "T0"), ("village", "V00"))}, "it was open on the last day either way"
    assert all(now < then for then, now in differing.values())
    late = {"id": str(uuid.uuid4()), "district": office.id, "day": "2025-12-30", "enterprise": office.cell["e0"], "result": "completed"}
    assert make(office.server, "assess-officer", "officer", district=office.id).post(office.server.base + "/api/v1/patrols", json=late).status_code == 201
    village = psql(office.server, f"select code from cell_code k join cell_parent p on p.parent_id = k.cell_id and p.district_id = k.district_id where k.district_id = {office.id} and p.cell_id = {office.cell['e0']} and upper_inf(p.recorded)").strip()
    visits = {key: v for key, v in desk.differing(signed).items() if key[3] == "patrol_visits"}
    assert set(visits) == {("village", "cell", village, "patrol_visits"), ("town", "cell", "T" + village[1], "patrol_visits")} and all(now == then + 1 for then, now in visits.values())
    document = desk.figures(signed)
    assert document["differing"] == len(desk.differing(signed)) and document["figures"] == signed["figures"]
    # The same as tables.
    for query, rows in (({}, signed["figures"]), ({"differing": "true"}, document["differing"])):
        text = office.leader.get(f"{desk.base}/{signed['id']}/figures", params={"format": "csv", **query}).content.decode("utf-8-sig")
        table = list(csv.DictReader(io.StringIO(text)))
        assert len(table) == rows and {r["document_no"] for r in table} == {"安委〔2026〕1号"} and {r["known_at"] for r in table} == {signed["known_at"]} and {r["data_note"] for r in table} == {"演示数据·合成"}
        told = {(r["level"], r["part"], r["code"], r["measure"]): (float(r["signed"]), float(r["restated"])) for r in table if r["differs"] == "true"}
        assert told == desk.differing(signed)
    assert office.leader.get(f"{desk.base}/{signed['id']}/figures", params={"format": "xlsx"}).content[:2] == b"PK"
    assert office.coordinator.patch(path, json={"day": hazard["day"], "reason": "改回"}, headers={"If-Match": "*"}).status_code == 200
    assert {key[3] for key in desk.differing(signed)} == {"patrol_visits"}
    # The links of signed figures lead to the records as they were known then.
    figure = sides(desk.figures(signed, level="village"), "signed")["cell", village]["patrol_visits"]
    listed = office.leader.get(office.server.base + "/api/v1/" + figure["records"].split("/api/v1/")[-1], params={"limit": 1000}).json()["items"]
    assert len(listed) == figure["numerator"] and late["id"] not in {i["id"] for i in listed}


def recount(office, moved=None):
    """{(level, code, measure): numerator} in plain Python of exported records, each where it was; `moved`: {enterprise: village}."""
    def export(what, **more):
        answer = office.leader.post(office.server.base + "/api/v1/exports", json={"what": what, "format": "csv", "cell": office.code("D"), **more})
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    def village_at(lon, lat):
        return next((v for v, (west, south) in office.box.items() if west <= lon < west + STEP and south <= lat < south + STEP), None)
    home = {e: village_at(x, y) for e, (x, y) in office.point.items()} | (moved or {})
    counts = collections.Counter()
    for what, measure in (("hazards", "hazard_density"), ("inspections", "inspection_visits")):
        for r in export(what, **{"from": FROM, "to": TO}):
            if what == "inspections" and r["result"] != "completed":
                continue
            village = home[r["enterprise_code"]] if r["enterprise_code"] else village_at(float(r["lon"]), float(r["lat"])) if r["lon"] else r["cell_code"] or None
            if village in office.villages:
                counts["village", village, measure] += 1
                counts["town", f"T{office.villages[village][0]}", measure] += 1
    return counts


def alters(office, plan, who=None):
    answer = (who or office.coordinator).post(office.url(plan["id"], "validate"))
    assert answer.status_code == 200, answer.text
    return answer.json()["alters"]


def test_a_correction_by_plan_tells_what_it_alters_and_alters_it(office, desk):
    signed, old, town = desk.signed(measures=["hazard_density", "inspection_visits", "inspection_coverage"]), desk.signed(to="2023-01-01"), desk.signed(within=office.code("T1"), levels=["village"])
    enterprise = max(office.point, key=lambda e: int(psql(office.server, f"select count(*) from inspection where district_id = {office.id} and enterprise_id = {office.cell[e]} and upper_inf(recorded)")))
    here = next(v for v, (west, south) in office.box.items() if west <= office.point[enterprise][0] < west + STEP and south <= office.point[enterprise][1] < south + STEP)
    to = "V10" if here.startswith("V0") else "V00"
    before, after = recount(office), recount(office, {enterprise: to})
    expected = {key: (before[key], after[key]) for key in before | after if before[key] != after[key]}
    assert expected, "the enterprise was visited"
    plan = office.draft({"kind": "move_enterprise", "cell": office.code(enterprise), "cause": "data_wrong", "parent": office.code(to)})
    assert plan["needs_approval"]
    said = office.said(), psql(office.server, f"select count(*), md5(string_agg(id::text || day || chain_id, ',' order by id)) from inspection where district_id = {office.id} and upper_inf(recorded)")
    told = alters(office, plan)
    assert said == (office.said(), psql(office.server, f"select count(*), md5(string_agg(id::text || day || chain_id, ',' order by id)) from inspection where district_id = {office.id} and upper_inf(recorded)")), "it was rolled back"
    assert {signed["id"], town["id"], old["id"]} <= {a["assessment"]["id"] for a in told["assessments"]} and told["hidden"] == 0
    mine = next(a for a in told["assessments"] if a["assessment"]["id"] == signed["id"])
    assert mine["count"] == len(mine["figures"])
    counted = {(f["level"], f["cell"]["code"], f["measure"]): (f["before"]["numerator"], f["after"]["numerator"]) for f in mine["figures"] if f["measure"] != "inspection_coverage" and f["part"] == "cell"}
    assert counted == expected
    signed_values = {(r["level"], r["cell"].get("code"), f["measure"]): f["signed"]["value"] for r in desk.figures(signed)["rows"] if r["part"] == "cell" for f in r["figures"]}
    assert all(f["signed"]["value"] == signed_values[f["level"], f["cell"]["code"], f["measure"]] for f in mine["figures"])
    # Who sees a town sees of the others how many there are.
    only = make(office.server, "assess-plan", "leader", district=office.id, cell=office.cell["T1"])
    seen = alters(office, plan, only)
    assert {a["assessment"]["cell"] for a in seen["assessments"]} == {office.cell["T1"]} and seen["hidden"] == len(told["assessments"]) - len(seen["assessments"])
    frozen = sides(desk.figures(signed, level="village"), "signed")
    applied = office.act(office.act(plan, "approve", who=office.approver), "apply")
    assert sides(desk.figures(signed, level="village"), "signed") == frozen and desk.get(signed) == signed
    restated = {(r["level"], r["part"], r["cell"].get("code", ""), f["measure"]): f["restated"]["value"] for r in desk.figures(signed)["rows"] for f in r["figures"]}
    for f in mine["figures"]:
        now, foreseen = restated[f["level"], f["part"], f["cell"].get("code", ""), f["measure"]], f["after"]["value"]
        assert now == foreseen or now == pytest.approx(foreseen, rel=1e-9)
    assert {(f["level"], f["part"], f["cell"].get("code", ""), f["measure"]) for f in mine["figures"]} == set(desk.differing(signed))
    # What takes it back alters the same, the other way round.
    back = office.coordinator.post(office.url(applied["id"], "revert"), json={"reason": "撤回"}, headers={"If-Match": "*"}).json()
    again = next(a for a in alters(office, back)["assessments"] if a["assessment"]["id"] == signed["id"])
    assert {(f["level"], f["cell"]["code"], f["measure"]): (f["after"]["numerator"], f["before"]["numerator"]) for f in again["figures"] if f["measure"] != "inspection_coverage" and f["part"] == "cell"} == expected
    office.act(office.act(back, "approve", who=office.approver), "apply")
    assert desk.differing(signed) == {}
    office.recounted()


def test_a_day_that_has_passed_alters_what_lies_behind_it(office, desk):
    signed, older = desk.signed(), desk.signed(to="2024-01-01")
    plan = office.draft({"kind": "move_cell", "cell": office.code("V01"), "parent": office.code("T1")}, effective_on="2024-07-01")
    told = alters(office, plan)
    ids = {a["assessment"]["id"] for a in told["assessments"]}
    assert signed["id"] in ids and older["id"] not in ids
    mine = next(a for a in told["assessments"] if a["assessment"]["id"] == signed["id"])
    count = lambda lower, upper: int(psql(office.server, f"select count(*) from hazard h join chain c on c.id = h.chain_id where h.district_id = {office.id} and upper_inf(h.recorded) and c.village_cell = {office.cell['V01']} and h.day >= '{lower}' and h.day < '{upper}'"))
    moved = count("2024-07-01", TO)
    change = {f["cell"]["code"]: f["after"]["numerator"] - f["before"]["numerator"] for f in mine["figures"] if f["level"] == "town" and f["measure"] == "hazard_density" and f["part"] == "cell"}
    assert moved > 0 and change == {"T0": -moved, "T1": moved}


def test_a_plan_that_corrects_nothing_alters_nothing(office, desk):
    desk.signed()
    enterprise = next(iter(office.point))
    for operation, day in (({"kind": "move_cell", "cell": office.code("V01"), "parent": office.code("T1")}, office.today), ({"kind": "move_enterprise", "cell": office.code(enterprise), "cause": "moved", "parent": office.code("V11")}, office.today),
                           ({"kind": "move_cell", "cell": office.code("V01"), "parent": office.code("T1")}, office.today + datetime.timedelta(30)), ({"kind": "assign", "cell": office.code("V02"), "post": "safety_officer", "person": office.people[0]}, "2026-01-01")):
        assert alters(office, office.draft(operation, effective_on=str(day))) == {"hidden": 0, "assessments": []}


def test_one_ends_by_a_further_signed_document(office, desk):
    first = desk.signed()
    second = desk.draft(supersedes=first["id"], reason="数据更正后重新核定")
    rival = desk.draft(supersedes=first["id"], reason="另一稿")
    assert desk.get(first)["status"] == "signed", "a draft ends nothing"
    second = desk.sign(second)
    ended = desk.get(first)
    assert (ended["status"], ended["replaced_by"], second["replaces"]) == ("superseded", second["id"], first["id"])
    assert {k: v for k, v in ended.items() if k not in ("status", "replaced_by", "version")} == {k: v for k, v in first.items() if k not in ("status", "replaced_by", "version")}
    assert desk.figures(first)["figures"] == first["figures"], "it is kept"
    desk.sign(rival, status=409)
    withdraw = lambda id, status=201, **body: (answer := office.coordinator.post(f"{desk.base}/{id}/withdraw", json=body)).status_code == status and answer.json()
    assert withdraw(first["id"], 409, reason="x") and withdraw(second["id"], 400)
    paper = withdraw(second["id"], reason="依据复核意见撤销", document_no="安委〔2026〕9号")
    assert (paper["kind"], paper["status"], paper["replaces"]) == ("withdrawal", "draft", second["id"]) and desk.get(second)["status"] == "signed"
    desk.sign(paper)
    assert desk.get(second)["status"] == "withdrawn" and desk.figures(second)["figures"] == second["figures"]
    assert desk.figures(paper)["rows"] == [] and withdraw(paper["id"], 409, reason="x")
