"""The type of every problem is an address that explains it."""
import re

import requests

import contract
from harness import ROOT

HEADINGS = re.findall(r"^## (.+)$", (ROOT / "api/problems.md").read_text(), re.M)


def test_every_slug_has_its_heading():
    kinds = {slug: (status, title) for status, slug, title in re.findall(r'\{(\d+|refusal\.status), "([\w-]+)", "([^"]+)"\}', (ROOT / "src/http/problem.cpp").read_text())}
    sources = "".join(p.read_text() for p in (ROOT / "src/http").rglob("*.cpp"))
    slugs = set(kinds) | set(re.findall(r"/problems/([\w-]+)", sources))
    assert len(slugs) > 15 and slugs == set(HEADINGS) and len(HEADINGS) == len(set(HEADINGS))
    text = (ROOT / "api/problems.md").read_text()
    for slug, (status, title) in kinds.items():
        assert re.search(rf"## {slug}\n{status if status.isdigit() else '4.*'} {re.escape(title)}\.\n", text), slug


def test_every_heading_is_a_page_that_needs_no_account(server):
    session = contract.Session()
    for slug in HEADINGS:
        answer = session.get(f"{server.base}/problems/{slug}")
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/html; charset=utf-8"
        chinese, english = answer.text.split('<details lang="en">')  # Chinese first, English one click away
        assert re.search(f"<h1>[\u4e00-\u9fff].* <code>{slug}</code></h1>", chinese) and len(re.findall("<p>.{5,}</p>", chinese)) == 2 and len(re.findall("<p>.{10,}</p>", english.split("</details>")[0])) == 2
        assert not re.search("[\u4e00-\u9fff]", english.split("</details>")[0]) and "<p></p>" not in answer.text
    missing = session.get(server.base + "/problems/nothing")
    assert missing.status_code == 404 and session.get(server.base + missing.json()["type"]).status_code == 200


def test_a_browser_where_nothing_is_gets_a_page(server):
    """In both languages, with a way home, and still 404; programs get the problem."""
    for path in ("/nothing", "/api/v1/nothing", "/problems/nothing"):
        page = requests.get(server.base + path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert page.status_code == 404 and page.headers["Content-Type"] == "text/html; charset=utf-8" and page.headers["X-Request-Id"], path
        assert "没有这个页面" in page.text and "There is no such page" in page.text and '<a href="/">' in page.text, path
        told = contract.Session().get(server.base + path)
        assert told.status_code == 404 and told.headers["Content-Type"] == "application/problem+json" and told.json()["type"] == "/problems/not-found", path


def test_a_value_is_refused_with_what_it_may_be(server):
    """Nullable ones too, and texts and lists with their lengths; what a description says of its meaning is not what it must be."""
    session = contract.Session()
    session.headers.update({"Authorization": "Bearer " + session.post(server.base + "/api/v1/sessions", json={"username": "coordinator", "password": server.passwords["coordinator"]}).json()["token"],
                            "Idempotency-Key": "of this test", "If-Match": "*"})
    said = lambda answer: {e["field"]: e["detail"] for e in answer.json()["errors"]}  # noqa: E731
    assert said(session.patch(server.base + "/api/v1/hazards/6b1f7b1e-35cb-4a3a-9a0e-2f8d7f0a5c11", json={"listed_by": "x", "extensions": "a", "in_plan": 1})) == {
        "listed_by": "must be one of district, prefecture, province, or null", "extensions": "must be an integer from 0 to 1000, or null", "in_plan": "must be true or false, or null"}
    assert said(session.post(server.base + "/api/v1/reassignments", json={"district": 1, "title": "", "reason": "x", "effective_on": "2026-02-30", "operations": "all"})) == {
        "title": "must be a text of 1 to 200 characters", "effective_on": "is not a day of the calendar", "operations": "must be a list of at most 1000 members"}
