"""What a server follows of visits and of the register, write by write, is what one that has only begun reads from nothing."""
import random
import uuid

import pytest
import requests

from harness import beginner

ASKED = {"within": "code:sim-990101:990101000000", "level": "village", "from": "2023-01-01", "to": "2026-01-01",
         "measures": "inspection_coverage,inspection_visits,due_coverage,over_inspection,patrol_coverage,patrol_visits,exempt_enterprises"}


@pytest.fixture
def fresh(own_server):
    """Asks the same of a server that begins now, on the same database."""
    def ask(session):
        with beginner(own_server) as base:
            return requests.get(base + "/api/v1/figures", params=ASKED, headers=session.headers).json()
    return ask


def test_a_server_that_follows_knows_what_one_that_begins_reads(own_server, fresh):
    rng, base = random.Random(7), own_server.base + "/api/v1"
    office, leader, district = own_server.session("coordinator"), own_server.session("leader"), own_server.district("sim-990101")
    made = own_server.session("admin").post(base + "/users", json={"username": "visitor", "grants": [{"role": "officer"}], "certified_until": "2099-01-01"})
    own_server.passwords["visitor"] = made.json()["password"]
    officer = own_server.session("visitor")
    units = [e["id"] for e in office.get(base + "/enterprises", params={"cell": "code:sim-990101:990101001001", "limit": 1000}).json()["items"]]
    ask = lambda: leader.get(base + "/figures", params=ASKED).json()
    rows, written = [ask()["rows"]], []
    assert rows[0] == fresh(leader)["rows"]
    for n in range(60):
        kind, day = rng.choice(["inspections", "patrols"]), f"{rng.choice([2023, 2024, 2025])}-{rng.choice(['01-01', '02-29', '12-31', '06-15'])}"
        day = day.replace("02-29", "02-28") if not day.startswith("2024") else day
        if written and n % 5 == 4:  # withdrawn: those of other years, and of the same day, stay
            kind, one = written.pop(rng.randrange(len(written)))
            assert officer.delete(f"{base}/{kind}/{one}", params={"reason": "误录"}, headers={"If-Match": "*"}).status_code == 204
        else:
            one = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            body = {"id": one, "district": district, "day": day, "enterprise": rng.choice(units[:4]), "result": "completed"}
            recorded = officer.post(f"{base}/{kind}", json=body)
            assert recorded.status_code == 201, recorded.text
            written.append((kind, one))
        if n == 30:  # the register changes too
            exempt = office.post(base + "/exemptions", json={"enterprise": str(units[5]), "ground": "suspended", "proof": "停产报告", "from": "2025-01-01"})
            assert exempt.status_code == 201, exempt.text
        rows.append(ask()["rows"])
    assert all(a != b for a, b in zip(rows, rows[1:])), "each write shows in the very next answer"
    assert rows[-1] == fresh(leader)["rows"]
