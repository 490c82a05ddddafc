"""The type of every problem is an address that explains it."""
import re

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
        assert f"<h1>{slug}</h1>" in answer.text and len(re.findall("<p>.{10,}</p>", answer.text)) >= 3 and "<p></p>" not in answer.text
    missing = session.get(server.base + "/problems/nothing")
    assert missing.status_code == 404 and session.get(server.base + missing.json()["type"]).status_code == 200
