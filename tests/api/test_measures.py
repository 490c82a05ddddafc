"""Measures of 示范区 against a count of the simulator's own files, in plain Python: by definition, enterprise by enterprise and day by day."""
import collections
import csv
import datetime
import fractions
import json
import statistics
import subprocess

import pytest

DAY = datetime.timedelta(days=1)
RULES = {"inspection": {1: (90, 30, 6), 2: (180, 60, 4), 3: (365, 90, 2), 4: (730, 180, 1)}, "patrol": {1: (30, 30, None), 2: (60, 30, None), 3: (90, 60, None), 4: (180, 90, None)}}
RISK = {1: 4, 2: 3, 3: 2, 4: 1}
WINDOWS = [("2025-01-01", "2026-01-01"), ("2024-03-15", "2024-11-02"), ("2025-06-20", "2025-07-03"), ("2023-01-01", "2026-01-01")]


def day(text):
    return datetime.date.fromisoformat(text) if text else None


class World:
    """What the simulator wrote, and where each enterprise lay: two villages became one on 2025-07-01."""

    def __init__(self, folder):
        rows = lambda name: list(csv.DictReader(open(folder / name, encoding="utf-8-sig")))
        self.enterprises = {r["code"]: r for r in rows("enterprises.csv")}
        self.hazards = rows("hazards.csv")
        self.visits = {kind: collections.defaultdict(list) for kind in RULES}
        seen = set()
        for v in rows("visits.csv"):
            joint = (v["kind"], v["enterprise"], v["day"], v.get("joint_id"))
            if v.get("result", "completed") == "completed" and not (v.get("joint_id") and joint in seen):
                self.visits[v["kind"]][v["enterprise"]].append(day(v["day"]))
            seen.add(joint)
        self.exempt = collections.defaultdict(list)
        if (folder / "exemptions.csv").exists():
            for r in rows("exemptions.csv"):
                self.exempt[r["enterprise"]].append((day(r["from"]), day(r["to"])))
        self.villages = {}
        self.boxes = []
        for f in json.loads((folder / "villages.geojson").read_text())["features"]:
            p = f["properties"]
            self.villages[p["code"]] = p
            if f["geometry"]:
                ring = f["geometry"]["coordinates"][0]
                self.boxes.append((p["code"], day(p["from"]), day(p["to"]), min(x for x, _ in ring), min(y for _, y in ring), max(x for x, _ in ring), max(y for _, y in ring)))

    def village_on(self, enterprise, on):
        lon, lat = float(self.enterprises[enterprise]["lon"]), float(self.enterprises[enterprise]["lat"])
        for code, start, end, west, south, east, north in self.boxes:
            if start <= on and (end is None or on < end) and west <= lon <= east and south <= lat <= north:
                return code
        return None

    def is_exempt(self, code, on):
        return any(a <= on and (b is None or on < b) for a, b in self.exempt[code])


def due_days(world, kind, code, start, end):
    """The due days in [start, end) of an enterprise that is not visited again: those of its last visit before, or of its registration."""
    interval, grace, _ = RULES[kind][int(world.enterprises[code]["risk_grade"])]
    before = [v for v in world.visits[kind][code] if v < start]
    due = max(before) + interval * DAY if before else datetime.date(2023, 1, 1) + grace * DAY
    out = []
    while due < end:
        if due >= start and not world.is_exempt(code, due):
            out.append(due)
        due += interval * DAY
    return out


def expected(world, kind, start, end):
    """By village of the last day: what each measure of visits counts."""
    sums = collections.defaultdict(lambda: collections.Counter())
    overdue = collections.defaultdict(lambda: collections.defaultdict(list))
    for code, e in world.enterprises.items():
        grade = int(e["risk_grade"])
        interval, grace, cap = RULES[kind][grade]
        s = sums[world.village_on(code, end - DAY)]
        inside = [v for v in world.visits[kind][code] if start <= v < end]
        due = due_days(world, kind, code, start, end)
        s["due"] += bool(due)
        s["on_time"] += bool(due) and any(v <= due[0] for v in inside)
        s["required"] += len(due)
        s["done"] += min(len(due), len(inside))
        if world.is_exempt(code, end - DAY):
            s["exempt"] += 1
            continue
        s["scope"] += 1
        s["visited"] += bool(inside)
        s["weight"] += RISK[grade]
        s["visited_weight"] += RISK[grade] * bool(inside)
        last = [v for v in world.visits[kind][code] if v < end]
        owed = max(last) + interval * DAY if last else datetime.date(2023, 1, 1) + grace * DAY
        if owed < end:
            overdue[world.village_on(code, end - DAY)][grade].append((end - owed).days)
        if cap:
            s["above_cap"] += any(sum(v.year == y and v < end for v in world.visits[kind][code]) > cap for y in range(start.year, (end - DAY).year + 1))
    return sums, overdue


@pytest.fixture(scope="module")
def world(server):
    return World(server.folder / "simulated" / "district-001")


def ask(server, level, window, measures, **more):
    query = {"within": "code:sim-990101:990101000000", "level": level, "from": window[0], "to": window[1], "measures": ",".join(measures), **more}
    answer = server.session("leader").get(server.base + "/api/v1/figures", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("kind", ["inspection", "patrol"])
def test_visits_owed_and_done(server, world, kind, window):
    sums, overdue = expected(world, kind, day(window[0]), day(window[1]))
    patrol = "" if kind == "inspection" else "patrol_"
    pairs = {f"{kind}_coverage": ("visited", "scope"), patrol + "due_coverage": ("on_time", "due"), patrol + "frequency_compliance": ("done", "required"),
             patrol + "risk_weighted_coverage": ("visited_weight", "weight")}
    if kind == "inspection":
        pairs["over_inspection"] = ("above_cap", "scope")
    answer = ask(server, "village", window, [*pairs, patrol + "overdue_enterprises", "exempt_enterprises"])
    seen = 0
    for row in answer["rows"]:
        code = row["cell"]["code"]
        s = sums[code]
        for measure, (numerator, denominator) in pairs.items():
            f = row["figures"][measure]
            assert (f["numerator"], f["denominator"]) == (s[numerator], s[denominator]), (measure, code, f)
            assert f["value"] is None and f["reason"] if not s[denominator] else f["value"] == pytest.approx(s[numerator] / s[denominator])
            assert f["value"] is None or 0 <= f["low"] <= f["value"] <= f["high"] <= 1, (measure, f)
        assert row["figures"]["exempt_enterprises"]["numerator"] == s["exempt"]
        late = row["figures"][patrol + "overdue_enterprises"]
        grades = overdue[code]
        assert late["numerator"] == sum(len(d) for d in grades.values())
        assert {g["risk_grade"]: (g["enterprises"], g["median_days"], g["max_days"]) for g in late["detail"]["by_grade"]} == {
            g: (len(d), statistics.median(d), max(d)) for g, d in grades.items()}
        seen += s["scope"] + s["exempt"]
    for measure, parts in pairs.items():  # a village without shape: its enterprises lie in the town directly
        for part, key in zip(("numerator", "denominator"), parts):
            assert sum(r["figures"][measure][part] for r in answer["direct"] + [answer["unplaced"]]) == sums[None][key], measure
    assert seen + sums[None]["scope"] + sums[None]["exempt"] == len(world.enterprises)


@pytest.mark.parametrize("window", WINDOWS)
def test_hazards_by_deadline_grade_and_source(server, world, window):
    start, end = day(window[0]), day(window[1])
    rows = [{**h, "found": day(h["day"]), "due": day(h["due_on"]), "closed": day(h["closed_on"])} for h in world.hazards]
    found = [h for h in rows if start <= h["found"] < end]
    is_open = [h for h in rows if h["found"] < end and not (h["closed"] and h["closed"] < end)]
    due = [h for h in rows if h["due"] and start <= h["due"] < end]
    closed = [h for h in rows if h["closed"] and start <= h["closed"] < end]
    reviewed = lambda h: h.get("reviewed_on") and day(h["reviewed_on"]) <= h["closed"]
    by_place = collections.defaultdict(list)
    for h in rows:
        by_place[h["enterprise"], h["category"]].append(h)
    again = [h for h in closed if any(h["closed"] < o["found"] <= h["closed"] + 90 * DAY and o is not h for o in by_place[h["enterprise"], h["category"]])]
    visits = lambda kind: sum(start <= v < end for days in world.visits[kind].values() for v in days)
    headcount = sum(int(e["headcount"]) for e in world.enterprises.values())
    major = [h for h in closed if h["grade"] == "major"]
    want = {
        "rectification_rate": (sum(bool(h["closed"] and h["closed"] < end) for h in found), len(found)),
        "on_time_rate": (sum(bool(h["closed"] and h["closed"] <= h["due"]) for h in due), len(due)),
        "overdue_hazards": (sum(bool(h["due"] and h["due"] < end) for h in is_open), len(is_open)),
        "recurrence_90d": (len(again), len(closed)),
        "major_reinspection": (sum(bool(reviewed(h)) for h in major), len(major)),
        "hazards_per_1000_employees": (len(found), headcount / 1000),
        "open_hazards_per_enterprise": (len(is_open), len(world.enterprises)),
    }
    figures = ask(server, "district", window, [*want, "weighted_hazard_density", "hazards_per_inspection", "hazards_per_patrol"])["rows"][0]["figures"]
    for measure, (numerator, denominator) in want.items():
        f = figures[measure]
        assert (f["numerator"], f["denominator"]) == (numerator, pytest.approx(denominator)), (measure, f)
    for kind in ("inspection", "patrol"):
        f = figures[f"hazards_per_{kind}"]
        assert f["numerator"] == sum(h["source"] == kind for h in found)
        assert f["denominator"] >= visits(kind)  # a joint visit is one by each department in the list of visits
    weighted = figures["weighted_hazard_density"]
    assert weighted["numerator"] == sum(10 if h["grade"] == "major" else 1 for h in found)
    assert weighted["detail"]["weights"] == {"general": 1, "major": 10}
    assert weighted["low"] < weighted["value"] < weighted["high"]


def test_a_measure_of_one_source_or_grade_has_no_value_of_another(server, world):
    names = ["hazards_per_inspection", "hazards_per_patrol", "major_reinspection", "hazard_density"]
    for query, without in (({"source": "patrol"}, {"hazards_per_inspection": "other_source"}), ({"source": "inspection"}, {"hazards_per_patrol": "other_source"}), ({"grade": "general"}, {"major_reinspection": "other_grade"}),
                           ({"source": "inspection", "grade": "major"}, {"hazards_per_patrol": "other_source"})):
        figures = ask(server, "district", WINDOWS[0], names, **query)["rows"][0]["figures"]
        for name in names:
            f = figures[name]
            assert f["reason"] == without.get(name) or f["reason"] == "nothing_closed" and name not in without, (query, name, f)
            assert name not in without or [f[k] for k in ("numerator", "denominator", "low", "high", "records", "base_records")] == [0, None, None, None, None, None], f


def kaplan_meier_median(spells):
    """The first time at which the product-limit estimate is at most one half, as a fraction: no rounding decides."""
    survival = fractions.Fraction(1)
    for time in sorted({t for t, ended in spells if ended}):
        at_risk, ended = sum(t >= time for t, _ in spells), sum(t == time and e for t, e in spells)
        survival *= fractions.Fraction(at_risk - ended, at_risk)
        if survival <= fractions.Fraction(1, 2):
            return time
    return None


@pytest.mark.parametrize("window", WINDOWS)
def test_time_to_rectify_keeps_open_hazards_in(server, world, window):
    start, end = day(window[0]), day(window[1])
    by_village = collections.defaultdict(list)
    for h in world.hazards:
        found, closed = day(h["day"]), day(h["closed_on"])
        if start <= found < end:
            ended = bool(closed and closed < end)
            by_village[world.village_on(h["enterprise"], found)].append((((closed if ended else end) - found).days, ended))
    for row in ask(server, "village", window, ["time_to_rectify"])["rows"]:
        f, spells = row["figures"]["time_to_rectify"], by_village[row["cell"]["code"]]
        assert f["value"] == kaplan_meier_median(spells), (row["cell"]["code"], f)
        assert (f["value"] is None) == bool(f["reason"])
        assert (f["numerator"], f["denominator"]) == (sum(e for _, e in spells), len(spells))
        assert f["value"] is None or f["low"] <= f["value"] and (f["high"] is None or f["value"] <= f["high"])


@pytest.mark.parametrize("mode", [{}, {"mode": "as_is"}, {"mode": "as_of", "as_of": "2024-06-01"}])
def test_children_sum_to_their_parent_and_lists_to_their_figures(server, mode):
    window = ("2025-02-10", "2025-10-05")
    leader = server.session("leader")
    villages, towns = (ask(server, level, window, ["all"], **mode) for level in ("village", "town"))
    additive = [m for m, f in towns["rows"][0]["figures"].items() if m not in ("officers_per_100_enterprises", "enterprises_per_safety_officer", "cells_per_km2", "risk_highest") and not f["unit"].startswith("enterprise/")]  # a median too: its cases are added up
    def total(answer, measure, part):
        rows = answer["rows"] + answer["direct"] + [answer["unplaced"]]
        return sum(r["figures"][measure][part] or 0 for r in rows)
    for measure in additive:
        assert total(villages, measure, "numerator") == pytest.approx(total(towns, measure, "numerator")), measure
        if not villages["rows"][0]["figures"][measure]["denominator_unit"] in ("km2", None):
            assert total(villages, measure, "denominator") == pytest.approx(total(towns, measure, "denominator")), measure
    row = max(towns["rows"], key=lambda r: r["figures"]["hazard_density"]["numerator"])
    for measure, f in row["figures"].items():
        for link, part in (("records", "numerator"), ("base_records", "denominator")):
            if not f[link] or measure.startswith("weighted_"):
                continue
            n, after = 0, ""
            while after is not None:
                page = leader.get(server.base + f[link] + "&limit=1000" + (f"&after={after}" if after else "")).json()
                n, after = n + sum(i.get("counts", 1) for i in page["items"]), page["next"]
            unit = 1000 if measure.endswith("1000_employees") and link == "base_records" else 1
            assert n / unit == pytest.approx(f[part] or 0), (measure, link, f)


def test_what_was_known_before_a_visit_was_entered(server):
    """With known_at figures of visits come from the events of that instant, and not from what is kept."""
    window, measures = ("2024-01-01", "2025-01-01"), ["due_coverage", "patrol_coverage", "on_time_rate", "overdue_hazards", "frequency_compliance"]
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    for mode in ({}, {"mode": "as_of", "as_of": "2024-06-01"}):
        kept, counted = ask(server, "town", window, measures, **mode), ask(server, "town", window, measures, known_at=now, **mode)
        for a, b in zip(kept["rows"], counted["rows"]):
            for m in measures:
                assert (a["figures"][m]["numerator"], a["figures"][m]["denominator"]) == (b["figures"][m]["numerator"], b["figures"][m]["denominator"]), (m, a["cell"])


def test_a_joint_visit_counts_once_and_another_of_the_same_day_again(server, world):
    """A cap counts visits, not days: two departments that come together are one, and whoever comes on his own is one more."""
    officer = server.session("officer")
    code = next(c for c in world.enterprises if not world.visits["patrol"][c])
    enterprise = officer.get(server.base + "/api/v1/enterprises", params={"cell": "code:sim-990101:990101000000", "q": code, "at": "2025-12-01"}).json()["items"][0]["id"]
    joint = "0a7e1000-0000-4000-8000-0000000000aa"

    def visit(n, **more):
        one = {"id": f"0a7e1000-0000-4000-8000-00000000000{n}", "district": server.district("sim-990101"), "day": "2025-11-11", "enterprise": enterprise, "result": "completed", **more}
        answer = officer.post(server.base + "/api/v1/patrols", json=one)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def kept():
        sql = f"select bit_count(days), array_length(more, 1) from visit_year where kind = 'patrol' and year = 2025 and enterprise_id = {enterprise}"
        return subprocess.run(["psql", server.database, "-XAtc", sql], capture_output=True, text=True, check=True).stdout.strip()

    visit(1, joint_id=joint, department="应急")
    visit(2, joint_id=joint, department="消防")
    assert kept() == "1|"
    alone = visit(3)
    assert kept() == "1|1"
    assert officer.delete(f"{server.base}/api/v1/patrols/{alone['id']}", headers={"If-Match": f'"{alone["version"]}"'}).status_code == 204
    assert kept() == "1|"
    for n in (1, 2):
        assert officer.delete(f"{server.base}/api/v1/patrols/0a7e1000-0000-4000-8000-00000000000{n}", headers={"If-Match": "*"}).status_code == 204
    assert kept() == "0|"
