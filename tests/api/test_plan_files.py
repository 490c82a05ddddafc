"""Files of reassignment plans: kept with the plan, shown in it, for those who may see it."""
import uuid

import pytest

from plans import District, psql
from test_abandoned import within
from test_reassignments import assign
from test_rights import make


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("files"), "planfiles", 12, 119.8)


def test_a_file_of_a_plan(office):
    plan, base = office.draft(assign(office, "V00", office.people[0])), office.server.base + "/api/v1/attachments"
    scan = uuid.uuid4().bytes * 1000
    one = str(uuid.uuid4())
    put = lambda session, file, **asked: session.put(f"{base}/{file}", params={"name": "红头文件.pdf", **asked}, data=scan, headers={"Content-Type": "application/pdf"})
    made = put(office.coordinator, one, plan=plan["id"])
    assert made.status_code == 201, made.text
    assert office.leader.get(f"{base}/{one}").content == scan
    listed, = office.leader.get(base, params={"plan": plan["id"]}).json()["items"]
    assert (listed["id"], listed["plan"], listed["event"], listed["name"], listed["bytes"], listed["sha256"]) == (one, plan["id"], None, "红头文件.pdf", len(scan), made.json()["sha256"])
    read = office.leader.get(office.url(plan["id"])).json()
    assert [(f["id"], f["name"], f["bytes"], f["by"]) for f in read["attachments"]] == [(one, "红头文件.pdf", len(scan), "coordinator")]
    assert read["version"] == plan["version"]  # what is approved is what it does
    assert within(10, lambda: psql(office.server, f"select topic from notice where payload->>'id' = '{one}' and {office.cell['V00']} = any (areas)").strip() == "attachment.create")
    assert psql(office.server, f"select after->>'plan' from audit where entity = 'attachment' and entity_id = '{one}'").strip() == plan["id"]


def test_who_may_and_what_is_refused(office):
    plan, base = office.draft(assign(office, "V01", office.people[0])), office.server.base + "/api/v1/attachments"
    put = lambda session, **asked: session.put(f"{base}/{uuid.uuid4()}", params={"name": "a", **asked}, data=b"x").status_code
    town = {t: office.leader.get(office.server.base + f"/api/v1/cells/{office.code(t)}").json()["id"] for t in ("T0", "T1")}
    own, elsewhere = (make(office.server, f"files-{t}", "coordinator", district=office.id, cell=town[t]) for t in ("T0", "T1"))
    assert put(own, plan=plan["id"]) == 201 and put(elsewhere, plan=plan["id"]) == 403 and put(office.server.session("officer"), plan=plan["id"]) == 403
    both = make(office.server, "files-both", "officer", district=office.id)
    make(office.server, "files-both", "coordinator", district=office.id, cell=town["T1"])
    assert put(both, plan=plan["id"]) == 403  # a right in one area gives none in another
    file = office.leader.get(base, params={"plan": plan["id"]}).json()["items"][0]["id"]
    assert elsewhere.get(f"{base}/{file}").status_code == 403 and elsewhere.get(base, params={"plan": plan["id"]}).status_code == 403
    event = str(uuid.uuid4())
    for bad in ({}, {"plan": plan["id"], "kind": "hazard", "event": event}, {"kind": "hazard"}, {"event": event}):
        assert put(office.coordinator, **bad) == 400 and office.leader.get(base, params=bad).status_code == 400
    assert put(office.coordinator, plan=str(uuid.uuid4())) == 404
