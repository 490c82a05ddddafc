"""The papers of a reassignment plan: what they say, on how many pages, for whom, and that a reader of PDF reads them."""
import os
import pathlib
import re
import subprocess

import pytest

from plans import District, psql
from test_reassignments import assign
from test_rights import make


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("paper"), "paper", 11, 119.5)


def paper(office, plan, kind, session=None, **asked):
    answer = (session or office.leader).get(office.url(plan["id"], "paper"), params={"kind": kind, **asked})
    if answer.status_code == 200 and (folder := os.environ.get("TEST_PICTURES")):
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        suffix = "png" if answer.headers["Content-Type"] == "image/png" else "pdf"
        pathlib.Path(folder, f"{kind}-{plan['title']}.{suffix}").write_bytes(answer.content)
    return answer


def read(tmp_path, answer):
    """The text of each page, without spaces, and how many pages there are."""
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf", answer.text
    file = tmp_path / "paper.pdf"
    file.write_bytes(answer.content)
    pages = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout.split("\f")[:-1]
    assert int(re.search(r"Pages:\s+(\d+)", subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout)[1]) == len(pages)
    return [re.sub(r"\s", "", page) for page in pages]


def name_of(office, person):
    return next(p["name"] for p in office.leader.get(office.server.base + "/api/v1/people", params={"district": office.id, "limit": 1000}).json()["items"] if p["id"] == person)


def test_the_approval_form_says_what_changes(office, tmp_path):
    plan = office.draft({"kind": "move_cell", "cell": office.code("V00"), "parent": office.code("T1")}, assign(office, "V01", office.people[1]), title="村居改属", document_no="安监调〔2025〕7号")
    page, = read(tmp_path, paper(office, plan, "approval_form"))
    plan = office.act(plan, "approve", office.approver, comment="同意，按程序办理。")
    approved, = read(tmp_path, paper(office, plan, "approval_form"))
    for said in ("网格责任调整审批表", "演示数据·合成", plan["reason"].replace(" ", ""), plan["title"].replace(" ", ""), "改属：V00（V00）", "属T0（T0）", "属T1（T1）", "岗位交接：V01（V01）安全员", name_of(office, office.people[1]), "起草人",
                 "分管领导意见", "安监调〔2025〕7号", "第1页共1页", plan["id"]):
        assert said in page, said
    assert "按程序办理" not in page and "草案" in page
    assert "同意，按程序办理。（系统内批准）" in approved and "已批准" in approved


def test_the_handover_note_says_what_goes_along_and_who_signs(office, tmp_path):
    giver, receiver = office.people[2], office.people[3]
    office.draft(assign(office, "V02", giver), apply=True)
    plan = office.draft(assign(office, "V02", receiver), title="岗位交接")
    before, = read(tmp_path, paper(office, plan, "handover_note"))
    plan = office.act(plan, "apply")
    office.coordinator.post(office.url(plan["id"], "acknowledge"), json={"person": receiver}).raise_for_status()
    after, = read(tmp_path, paper(office, plan, "handover_note"))
    open_ones = psql(office.server, f"select count(*) from hazard h join chain c on c.id = h.chain_id where h.district_id = {office.id} and c.leaf = {office.cell['V02']} and h.closed_on is null and upper_inf(h.recorded)").strip()
    enterprises = office.leader.get(office.server.base + "/api/v1/enterprises", params={"cell": office.code("V02"), "limit": 1000}).json()["items"]
    for page in (before, after):
        for said in ("网格责任交接单", f"移交人{name_of(office, giver)}", f"接收人{name_of(office, receiver)}", "监交人", "岗位交接：V02（V02）"):
            assert said in page, said
    assert "已在系统内签收" in after and "已在系统内签收" not in before
    assert enterprises and f"{name_of(office, receiver)}{len(enterprises)}{open_ones}0" in before, (before, len(enterprises), open_ones)


def test_a_long_plan_has_pages_with_its_heads(office, tmp_path):
    plan = office.draft(*[assign(office, v, office.people[(i + turn) % 4], note="长期请假，由邻近网格员接手。" * 3) for turn in range(4) for i, v in enumerate(sorted(office.villages))], title="多页", reason="因工作需要。" * 300)
    for kind in ("approval_form", "handover_note"):
        pages = read(tmp_path, paper(office, plan, kind))
        assert len(pages) > 2
        assert all(f"第{n}页共{len(pages)}页" in page for n, page in enumerate(pages, 1))
        assert "".join(pages).count("需") == 300  # none of the reason is lost between rows and pages
        assert sum("序号" in page for page in pages) >= 2


def test_preview_format_and_rights(office):
    plan = office.draft(assign(office, "V04", office.people[1]))
    png = paper(office, plan, "handover_note", format="png")
    assert png.headers["Content-Type"] == "image/png" and png.content.startswith(b"\x89PNG")
    assert paper(office, plan, "handover_note").content == paper(office, plan, "handover_note", format="pdf").content
    assert paper(office, plan, "other").status_code == 400
    assert office.leader.get(office.url("00000000-0000-4000-8000-000000000000", "paper"), params={"kind": "handover_note"}).status_code == 404
    town = office.leader.get(office.server.base + f"/api/v1/cells/{office.code('T1')}").json()["id"]
    elsewhere = make(office.server, "paper-elsewhere", "coordinator", district=office.id, cell=town)
    assert paper(office, plan, "handover_note", session=elsewhere).status_code == 403


def test_open_hazards_go_along_from_where_they_stand_now(office, tmp_path):
    """Those of two villages that were merged since are the new one's."""
    standing = lambda *villages: int(psql(office.server, f"select count(*) from hazard h join chain c on c.id = h.chain_id where h.district_id = {office.id} and c.leaf in ({','.join(str(office.cell[v]) for v in villages)}) and h.closed_on is null and upper_inf(h.recorded)"))
    both = standing("V12", "V13")
    office.carry({"kind": "merge", "sources": [office.code("V12"), office.code("V13")], "into": {"code": "N9", "name": "合并村"}})
    note, = read(tmp_path, paper(office, office.draft(assign(office, "N9", office.people[1])), "handover_note"))
    enterprises = office.leader.get(office.server.base + "/api/v1/enterprises", params={"cell": office.code("N9"), "limit": 1000}).json()["items"]
    assert both > 0 and enterprises and f"{name_of(office, office.people[1])}{len(enterprises)}{both}0" in note, (both, len(enterprises), note)
