"""示范区: what the simulator planted is found, and the counts follow the rates that it drew from."""
import collections
import csv
import json
import math
import random
import subprocess
import threading
import uuid

import pytest

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


def truth(server):
    return {r["village"]: r for r in csv.DictReader(open(server.folder / "simulated/district-001/truth.csv"))}


@pytest.mark.parametrize("kind", ["inspection", "patrol"])
def test_visits_find_what_was_drawn_for_them(server, kind):
    """Hazards of visits are Poisson with the mean that truth.csv says; a joint visit is one."""
    units = {r["code"]: r for r in csv.DictReader(open(server.folder / "simulated/district-001/enterprises.csv"))}
    boxes = [(f["properties"]["code"], f["geometry"]["coordinates"][0]) for f in json.load(open(server.folder / "simulated/district-001/villages.geojson"))["features"] if f["geometry"] and f["properties"]["from"] == "2023-01-01"]
    village = {code: next((c for c, ring in boxes if ring[0][0] <= float(u["lon"]) <= ring[2][0] and ring[0][1] <= float(u["lat"]) <= ring[2][1]), None) for code, u in units.items()}
    visits = collections.Counter()
    joint = set()
    for v in csv.DictReader(open(server.folder / "simulated/district-001/visits.csv")):
        if v["kind"] == kind and v["result"] == "completed" and (not v["joint_id"] or v["joint_id"] not in joint):
            visits[village[v["enterprise"]]] += 1
            joint.add(v["joint_id"])
    answer = figures(server, measures=f"hazards_per_{kind}", mode="as_of", as_of="2023-01-01")
    found = {r["cell"]["code"]: r["figures"][f"hazards_per_{kind}"]["numerator"] for r in answer["rows"]}
    mean = {code: float(t[f"hazards_per_{kind}"]) * visits[code] for code, t in truth(server).items() if t[f"hazards_per_{kind}"] and visits[code]}
    assert len(mean) > 90 and sum(mean.values()) > 1000
    chi2 = sum((found[code] - m) ** 2 / m for code, m in mean.items() if code in found)
    n = len([code for code in mean if code in found])
    assert abs(chi2 - n) < 5 * math.sqrt(2 * n + sum(1 / m for m in mean.values())), (chi2, n)  # the variance of a Poisson chi-square has 1/mean in it


def test_towns_keep_their_part_of_the_deadlines(server):
    """Each town's on-time rate is that from which it was drawn; all but one keep most of theirs."""
    kept = {t["village"][:9]: float(t["on_time_rate"]) for t in truth(server).values()}
    rows = {r["cell"]["code"]: r["figures"]["on_time_rate"] for r in figures(server, level="town", measures="on_time_rate")["rows"]}
    assert rows["990101102000"]["value"] < 0.45 and all(0.65 < f["value"] < 0.97 for code, f in rows.items() if code != "990101102000")
    for code, f in rows.items():
        if code in ("990101004000", "990101005000", "990101401000"):
            continue  # an exclave and the zone have villages of others
        p, n = kept[code[:9]], f["denominator"]
        assert n > 30 and abs(f["numerator"] - p * n) < 4.5 * math.sqrt(p * (1 - p) * n), (code, f["value"], p)


def test_supervision_is_effective_for_most_and_the_reasons_are_plain(server):
    window = {"from": "2025-10-01", "to": "2026-01-01"}
    district = figures(server, level="district", measures="effective_supervision,exempt_enterprises,overdue_enterprises", **window)["rows"][0]["figures"]
    assert 0.6 <= district["effective_supervision"]["value"] <= 0.9 and 5 < district["exempt_enterprises"]["numerator"] < 60
    towns = {r["cell"]["code"]: r["figures"]["effective_supervision"]["value"] for r in figures(server, level="town", measures="effective_supervision", **window)["rows"]}
    assert towns["990101100000"] == 0 and towns["990101006000"] == 0, "nobody looks at one, and the officer of the other has no valid certificate"
    before = {r["cell"]["code"]: r["figures"]["effective_supervision"]["value"] for r in figures(server, level="town", measures="effective_supervision", **{"from": "2025-07-01", "to": "2025-10-01"})["rows"]}
    assert before["990101006000"] > 0.5, "it had one until the day before"
    leader, faults, after = server.session("leader"), collections.Counter(), ""
    while after is not None:
        page = leader.get(f"{server.base}/api/v1/enterprises?cell={ROOT_CODE}&from=2025-10-01&to=2026-01-01&counted=unsupervised&limit=1000{after and '&after=' + after}").json()
        for e in page["items"]:
            faults.update(e["faults"])
        after = page["next"]
    assert set(faults) == {"no_lead_department", "vacant:safety_informant", "vacant:safety_officer", "no_certificate:enforcement_officer", "inspection_overdue", "in_no_village"}
    assert all(n > 5 for n in faults.values()), faults


def test_visits_come_about_as_often_as_the_rules_ask(server):
    """Most is done on time, not all; one town looks far more than it must and finds the more for it, another does not look at all."""
    district = figures(server, level="district", measures="due_coverage,patrol_due_coverage,on_time_rate", **{"from": "2025-01-01", "to": "2026-01-01"})["rows"][0]["figures"]
    assert all(0.7 < district[m]["value"] < 0.95 for m in ("due_coverage", "patrol_due_coverage")) and 0.75 < district["on_time_rate"]["value"] < 0.9
    measures = "due_coverage,patrol_due_coverage,over_inspection,inspection_visits,hazards_per_enterprise,hazards_per_inspection,inspections_attempted"
    towns = {r["cell"]["code"]: r["figures"] for r in figures(server, level="town", measures=measures, **{"from": "2025-01-01", "to": "2026-01-01"})["rows"]}
    assert towns["990101100000"]["due_coverage"]["value"] == 0
    for code, f in towns.items():
        if code != "990101100000":
            assert 0.6 < f["due_coverage"]["value"] <= 1 and 0.5 < f["patrol_due_coverage"]["value"] <= 1, (code, f)
    diligent, others = towns["990101005000"], [f for code, f in towns.items() if code not in ("990101005000", "990101100000", "990101002000")]  # the second is not looked at, the third is a hot spot
    assert diligent["inspection_visits"]["numerator"] > 1.5 * max(f["inspection_visits"]["numerator"] for f in others)
    assert diligent["over_inspection"]["value"] > 0.3 > max(f["over_inspection"]["value"] for f in others)
    assert diligent["hazards_per_enterprise"]["value"] > max(f["hazards_per_enterprise"]["value"] for f in others), "it finds the most, where no hot spot is"
    assert diligent["hazards_per_inspection"]["low"] < max(f["hazards_per_inspection"]["value"] for f in others), "and not because there is more to find at a visit"
    assert sum(f["inspections_attempted"]["numerator"] for f in towns.values()) > 50


def test_hazards_go_their_way_step_by_step(server):
    """What the steps of a hazard settled is what it says; of major ones some are extended, some listed, some failed a review, some were closed without one."""
    leader = server.session("leader")
    one = lambda **query: leader.get(server.base + "/api/v1/hazards", params={"cell": ROOT_CODE, "from": "2023-01-01", "to": "2026-01-01", "grade": "major", "limit": 1000, **query}).json()["items"]
    major = one()
    assert sum(h["extensions"] or 0 for h in major) > 5 and len(one(listed="true")) > 3 and {"rectifying", "closed"} <= {h["state"] for h in major}
    reinspection = figures(server, level="district", measures="major_reinspection")["rows"][0]["figures"]["major_reinspection"]
    assert 0.85 < reinspection["value"] < 1
    failed = 0
    for h in [h for h in major if h["extensions"] or h["listed_on"]][:40]:
        steps = leader.get(f"{server.base}/api/v1/hazards/{h['id']}/steps").json()["items"]
        assert [s["day"] for s in steps] == sorted(s["day"] for s in steps) and steps[0]["step"] == "found"
        last = {s["step"]: s for s in steps}
        assert h["standard"] == last["graded"]["standard"] and h["due_on"] == last.get("extended", last["ordered"])["due_on"] and h["closed_on"] == last.get("closed", {}).get("day")
        assert h["listed_on"] == last.get("listed", {}).get("day") and h["reviewed_on"] == next((s["day"] for s in steps if s.get("passed")), None)
        if "extended" in last:
            assert last["extended"]["day"] <= last["ordered"]["due_on"] < last["extended"]["due_on"]
        failed += any(s.get("passed") is False for s in steps)
        found_by = {"inspection": "inspections", "patrol": "patrols"}.get(h["source"])
        assert (h["visit_id"] is None) == (found_by is None)
        if found_by:
            visit = leader.get(f"{server.base}/api/v1/{found_by}/{h['visit_id']}").json()
            assert (visit["enterprise"], visit["day"], visit["result"]) == (h["enterprise"], h["day"], "completed")
    assert failed > 2


def test_the_same_seed_gives_the_same_files(tmp_path):
    for name in ("a", "b"):
        subprocess.run([ROOT / "build/release/gridward", "simulate", tmp_path / name, "--enterprises", "300"], check=True, capture_output=True)
    names = sorted(p.name for p in (tmp_path / "a/district-001").iterdir())
    assert len(names) == 19 and all((tmp_path / "a/district-001" / n).read_bytes() == (tmp_path / "b/district-001" / n).read_bytes() for n in names)


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
