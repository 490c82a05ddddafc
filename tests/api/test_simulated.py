"""示范区: what the simulator planted is found, and the counts follow the rates that it drew from."""
import csv
import math
import random
import subprocess
import threading
import uuid

import contract
from harness import ROOT

ROOT_CODE = "code:sim-990101:990101000000"


def figures(server, **query):
    query = {"within": ROOT_CODE, "level": "village", "from": "2023-01-01", "to": "2026-01-01", **query}
    answer = server.session("leader").get(server.base + "/api/v1/figures", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_public_reports_follow_their_true_rates(server):
    truth = {r["village"]: float(r["public_reports_a_year"]) * 3 for r in csv.DictReader(open(server.folder / "simulated/district-001/truth.csv"))}
    answer = figures(server, measures="hazard_density", source="public_report", mode="as_of", as_of="2023-01-01")
    counted = {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in answer["rows"]}
    assert abs(sum(truth.values()) - sum(counted.values()) - sum(r["figures"]["hazard_density"]["numerator"] for r in answer["direct"])) < 4 * math.sqrt(sum(truth.values()))
    shown = {code: n for code, n in truth.items() if code in counted and n > 0}
    chi2 = sum((counted[code] - n) ** 2 / n for code, n in shown.items())
    assert abs(chi2 - len(shown)) < 5 * math.sqrt(2 * len(shown))
    top = sorted(counted, key=counted.get)[-6:]
    planted = {r["village"] for r in csv.DictReader(open(server.folder / "simulated/district-001/truth.csv")) if float(r["risk"]) > 1}
    assert len(planted) == 10 and set(top) <= planted


def test_what_was_planted_is_there(server):
    leader, api = server.session("leader"), server.base + "/api/v1"
    one = lambda code, **more: leader.get(f"{api}/cells/code:sim-990101:{code}/ancestors", params=more).json()["chain"]
    assert one("990101004005")[0]["holders"] == []                                    # a vacancy
    assert one("990101006000")[0]["holders"][0]["acting"] is True                     # an acting holder
    assert one("990101004001")[1]["cell"]["code"] == "990101005000"                   # an exclave of the town next door
    assert one("990101005008")[1]["cell"]["kind"] == "工业区"                          # land carved for the zone
    assert one("990101102212")[0]["cell"]["area_km2"] is None                         # a cell without shape
    assert leader.get(f"{api}/cells/code:sim-990101:990101003011", params={"at": "2025-06-30"}).status_code == 200  # merged last year
    assert leader.get(f"{api}/cells/code:sim-990101:990101003011", params={"at": "2025-07-01"}).status_code == 404
    towns = {r["cell"]["code"]: r["figures"] for r in figures(server, level="town")["rows"]}
    assert towns["990101100000"]["inspection_coverage"]["value"] == 0                 # uninspected, and seeming safe
    least = min(towns, key=lambda c: towns[c]["hazard_density"]["value"])
    assert least == "990101100000"
    full = {r["cell"]["code"]: r["figures"]["inspection_coverage"]["value"] for r in figures(server, **{"from": "2023-01-01", "to": "2024-01-01"})["rows"]}
    assert full["990101001004"] == 1
    assert {d["scheme"]: d["synthetic"] for d in leader.get(f"{api}/districts").json()["items"]}["sim-990101"] is True


def test_kept_counts_agree_after_ten_thousand_random_writes(server):
    """Events of all kinds, late ones too, corrections and withdrawals, by several clients at once."""
    coordinator = server.session("coordinator")
    district = next(d["id"] for d in coordinator.get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == "sim-990101")
    units = [e["id"] for e in coordinator.get(server.base + "/api/v1/enterprises", params={"district": district, "limit": 1000, "at": "2025-01-01"}).json()["items"]]
    admin = server.session("admin")
    name = f"writer-{uuid.uuid4().hex[:6]}"
    server.passwords[name] = admin.post(server.base + "/api/v1/users", json={"username": name, "certified_until": "2099-01-01", "grants": [{"role": "officer"}]}).json()["password"]
    done, wrong = [], []

    def write(seed):
        rng, mine, session = random.Random(seed), [], server.session(name)
        session.send = lambda request, **options: super(contract.Session, session).send(request, **options)  # the contract is held elsewhere
        day = lambda: f"{rng.choice([2023, 2024, 2025])}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        for _ in range(2500):
            choice = rng.random()
            if choice < 0.7 or not mine:
                kind = rng.choice(["hazards", "hazards", "inspections", "patrols", "accidents"])
                body = {"id": str(uuid.UUID(int=rng.getrandbits(128), version=4)), "district": district, "day": day()}
                body.update({"hazards": {"source": "patrol", "grade": rng.choice(["general", "major"])}, "accidents": {}}.get(kind, {"result": rng.choice(["completed", "attempted"])}))
                body.update({"enterprise": rng.choice(units)} if rng.random() < 0.6 else {"lon": rng.uniform(123.99, 124.51), "lat": rng.uniform(29.99, 30.25)})
                answer = session.post(f"{server.base}/api/v1/{kind}", json=body)
                mine.append((kind, body["id"]))
            elif choice < 0.9:
                kind, one = rng.choice(mine)
                patch = {"day": day()} if rng.random() < 0.5 else {"lon": rng.uniform(124, 124.5), "lat": rng.uniform(30, 30.24), "enterprise": None}
                if kind == "hazards" and rng.random() < 0.4:
                    patch = {"closed_on": "2025-12-30"}
                answer = session.patch(f"{server.base}/api/v1/{kind}/{one}", json=patch, headers={"If-Match": "*"})
            else:
                kind, one = mine.pop(rng.randrange(len(mine)))
                answer = session.delete(f"{server.base}/api/v1/{kind}/{one}", headers={"If-Match": "*"})
            if answer.status_code not in (200, 201, 204):
                wrong.append(answer.text)
            done.append(1)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(done) == 10_000 and wrong == []
    checked = subprocess.run([ROOT / "build/release/gridward", "check", "--database", server.database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    for mode in ({}, {"mode": "as_is"}, {"mode": "as_of", "as_of": "2024-01-01"}):
        villages, towns = figures(server, **mode), figures(server, level="town", **mode)
        for measure in ("hazard_density", "open_hazard_density", "inspection_visits", "patrol_visits"):
            total = lambda a: sum(r["figures"][measure]["numerator"] for r in a["rows"] + a["direct"]) + a["unplaced"]["figures"][measure]["numerator"]
            assert total(villages) == total(towns) == total(figures(server, level="district", **mode)), (mode, measure)
        for row in villages["rows"]:
            assert 0 <= (row["figures"]["inspection_coverage"]["value"] or 0) <= 1
    assert figures(server, mode="as_is")["rows"] == figures(server, mode="as_of", as_of=today(server))["rows"]


def today(server):
    return next(d["today"] for d in server.session("leader").get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == "sim-990101")
