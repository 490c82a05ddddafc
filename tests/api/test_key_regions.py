"""Key regions of a simulated district: the diligent town does not lead, the one where nobody looks is not safe, and every number is one of the figures."""
import contextlib
import csv
import datetime
import itertools
import shutil
import subprocess

import pytest

from harness import ROOT

BINARY = ROOT / "build/release/gridward"
SCHEME = "sim-990107"  # a district of this file's own, so that no other test changes it
CITY = f"code:{SCHEME}:990107000000"
DILIGENT, UNWATCHED = "990107001000", "990107100000"
YEAR = {"within": CITY, "period": "2025"}


def make_diligent(folder):
    """In the first town everybody is inspected three times a year beside what the simulator does there, something is found each time, and all of it is dealt with in time."""
    units = {r["code"] for r in csv.DictReader(open(folder / "enterprises.csv")) if r["name"].startswith("望海")}
    rows = list(csv.DictReader(open(folder / "visits.csv")))
    inspections = [r for r in rows if r["enterprise"] in units]
    places = {r["enterprise"]: (r["lon"], r["lat"]) for r in inspections}
    template = rows[0]
    hazards = list(csv.DictReader(open(folder / "hazards.csv")))
    count = itertools.count(1)
    for unit in sorted(places):
        lon, lat = places[unit]
        for year, month in itertools.product((2023, 2024, 2025), (2, 6, 10)):
            n = next(count)
            day = datetime.date(year, month, 1 + n % 27)
            rows.append({**{k: "" for k in template}, "key": f"DV{n}", "kind": "inspection", "day": day, "enterprise": unit, "lon": lon, "lat": lat, **({"result": "completed"} if "result" in template else {})})
            hazards.append({**{k: "" for k in hazards[0]}, "key": f"DH{n}", "day": day, "enterprise": unit, "lon": lon, "lat": lat, "source": "inspection", "grade": "general", "category": "D", "due_on": day + datetime.timedelta(15),
                            "rectified_on": day + datetime.timedelta(8), "closed_on": day + datetime.timedelta(9)})
    for name, table in (("visits.csv", rows), ("hazards.csv", hazards)):
        for row in table:
            if name == "hazards.csv" and row["enterprise"] in units and (not row["closed_on"] or str(row["closed_on"]) > str(row["due_on"])):
                row["rectified_on"] = row["closed_on"] = row["due_on"]  # what others leave open or close too late, it does not
        with open(folder / name, "w", newline="") as out:
            writer = csv.DictWriter(out, table[0].keys())
            writer.writeheader()
            writer.writerows(table)


@pytest.fixture(scope="module")
def district(server):
    """The seventh district of the simulator, with a diligent town."""
    made = server.folder / "key-regions"
    subprocess.run([BINARY, "simulate", made, "--districts", "7"], check=True, capture_output=True)
    folder = made / "district-007"
    make_diligent(folder)
    imported = subprocess.run([BINARY, "import", "--database", server.database, folder / "recipe.toml"], capture_output=True, text=True)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    yield folder
    shutil.rmtree(made)


def get(server, path, status=200, **query):
    answer = server.session("leader").get(server.base + "/api/v1/" + path, params=query)
    assert answer.status_code == status, answer.text
    return answer.json()


def regions(server, level="town", **query):
    return get(server, "key-regions", **{"level": level, **YEAR, **query})


def figures(server, measures, level="town", **query):
    return get(server, "figures", **{"level": level, "measures": measures, **YEAR, **query})


@contextlib.contextmanager
def own_rules(server, rules, since):
    """Rules of the district's own from a day on, taken back at the end."""
    coordinator, api = server.session("coordinator"), server.base + "/api/v1/"
    number, set_ones = server.district(SCHEME), []
    try:
        for path, body in rules:
            answer = coordinator.post(api + path, json={"district": number, "from": since, **body})
            assert answer.status_code == 201, answer.text
            set_ones.append((path, answer.json()["id"]))
        yield
    finally:
        for path, one in set_ones:
            assert coordinator.patch(f"{api}{path}/{one}", json={"district": number, "to": since}).status_code == 204


def test_the_diligent_town_does_not_lead_and_the_unwatched_one_is_not_safe(server, district):
    answer = regions(server)
    found = {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in figures(server, "hazard_density")["rows"]}
    visits = {r["cell"]["code"]: r["figures"]["inspection_visits"]["numerator"] for r in figures(server, "inspection_visits")["rows"]}
    assert max(found, key=found.get) == max(visits, key=visits.get) == DILIGENT  # a list by what was found would put it first
    assert min(found, key=found.get) == UNWATCHED                               # and the unwatched town last
    ranks = {r["cell"]["code"]: r["rank"] for r in answer["ranked"]}
    assert ranks[DILIGENT] == max(ranks.values()) and UNWATCHED not in ranks
    second = {r["cell"]["code"]: r for r in answer["insufficient"]}
    assert second[UNWATCHED]["reasons"][0]["about"] == "little_inspection" and second[UNWATCHED]["score"] is None and second[UNWATCHED]["rank"] is None
    assert "0.0%" in second[UNWATCHED]["reasons"][0]["zh"] and "safe" in second[UNWATCHED]["reasons"][0]["en"]
    villages = regions(server, "village")
    unwatched = [r for r in villages["insufficient"] if r["reasons"][0]["about"] == "little_inspection" and r["cell"]["code"].startswith(UNWATCHED[:9])]
    assert len(unwatched) == 12
    assert not any(r["cell"]["code"].startswith(UNWATCHED[:9]) for r in villages["ranked"])


@pytest.mark.parametrize("level,query", [("town", {}), ("village", {}), ("town", {"mode": "as_is"}), ("village", {"mode": "as_of", "as_of": "2025-03-01"}), ("village", {"period": "2025-Q2"}), ("town", {"within": f"code:{SCHEME}:{DILIGENT}"})])
def test_its_numbers_are_those_of_the_figures(server, district, level, query):
    answer = regions(server, level, **query)
    areas = answer["ranked"] + answer["insufficient"]
    measures = ",".join(areas[0]["figures"])
    table = figures(server, measures, level, smoothing="global", **query)
    rows = {r["cell"]["id"]: r for r in table["rows"]}
    assert sorted(rows) == sorted(r["cell"]["id"] for r in areas)
    for area in areas:
        row = rows[area["cell"]["id"]]
        for measure, figure in area["figures"].items():
            assert figure == {k: v for k, v in row["figures"][measure].items() if k in figure}, measure
        for c in area["components"]:
            figure = row["figures"][c["measure"]]
            if c["smoothed"] is None:
                assert c["reason"] == figure["reason"] and c["points"]["value"] == 0
                continue
            smoothed = figure["smoothed"]
            if c["component"].startswith("overdue"):  # a share as it is
                for key in ("value", "low", "high"):
                    assert c["smoothed"][key] == pytest.approx(smoothed[key], abs=1e-9)
            elif c["component"] == "coverage_gap":    # what is missing of it
                assert c["smoothed"]["value"] == pytest.approx(1 - smoothed["value"], abs=1e-9)
    # What lies in none of the areas is said too, and nothing is counted twice.
    whole = figures(server, "weighted_open_hazard_density,accidents", "district", **{**query, "within": query.get("within", CITY)}) if "within" not in query else None
    if whole:
        for measure in ("weighted_open_hazard_density", "accidents"):
            parts = sum(r["figures"][measure]["numerator"] for r in areas + answer["elsewhere"])
            total = sum(r["figures"][measure]["numerator"] for r in whole["rows"] + whole["direct"]) + whole["unplaced"]["figures"][measure]["numerator"]
            assert parts == pytest.approx(total)


def test_each_grade_is_smoothed_for_itself(server, district):
    """The smoothed weighted number of open hazards is that of the general ones and ten times that of the major ones."""
    answer = regions(server, "village")
    parts = {grade: {r["cell"]["id"]: r["figures"]["open_hazards_per_enterprise"] for r in figures(server, "open_hazards_per_enterprise", "village", grade=grade, smoothing="global")["rows"]} for grade in ("general", "major")}
    for area in answer["ranked"]:
        c = next(c for c in area["components"] if c["component"] == "open_hazards")
        general, major = (parts[g][area["cell"]["id"]]["smoothed"] for g in ("general", "major"))
        assert c["smoothed"]["value"] == pytest.approx(general["value"] + 10 * major["value"])
        below = ((general["value"] - general["low"]) ** 2 + (10 * (major["value"] - major["low"])) ** 2) ** 0.5
        assert c["smoothed"]["low"] == pytest.approx(c["smoothed"]["value"] - below)
        assert c["points"]["value"] == pytest.approx(min(100, 100 * c["smoothed"]["value"] / c["mean"] / 3))


def test_scores_add_up_and_the_order_says_how_far_it_holds(server, district):
    answer = regions(server, "village")
    ranked = answer["ranked"]
    for area in ranked:
        assert sum(c["weight"] for c in area["components"]) == pytest.approx(1)
        assert area["score"]["value"] == pytest.approx(sum(c["contribution"] for c in area["components"])) == pytest.approx(sum(c["weight"] * c["points"]["value"] for c in area["components"]))
        below = sum((c["weight"] * (c["points"]["value"] - c["points"]["low"])) ** 2 for c in area["components"]) ** 0.5
        assert area["score"]["low"] == pytest.approx(max(0, area["score"]["value"] - below))
        contributions = [next(c["contribution"] for c in area["components"] if c["component"] == r["about"]) for r in area["reasons"]]
        assert contributions == sorted(contributions, reverse=True) and all(x > 0 for x in contributions)
        for reason in area["reasons"]:
            assert reason["zh"].endswith("。") and reason["en"].endswith(".") and any(ch.isdigit() for ch in reason["zh"])
    order = [(-round(a["score"]["value"], 6), a["cell"]["code"]) for a in ranked]
    assert order == sorted(order)
    for a, b in zip(ranked, ranked[1:]):
        assert a["distinguishable_from_next"] == (a["score"]["low"] > b["score"]["high"])
    assert answer["ranking"]["areas"] == len(ranked) and answer["ranking"]["insufficient"] == len(answer["insufficient"])
    assert answer["ranking"]["distinguishable_neighbours"] == sum(a["distinguishable_from_next"] for a in ranked)
    assert answer["ranking"]["level_with_first"] == sum(a["score"]["high"] >= ranked[0]["score"]["low"] for a in ranked) > 1
    assert regions(server, "village")["ranked"] == ranked


def test_the_trend_is_the_score_of_the_other_window(server, district):
    answer = regions(server)
    then = {"previous": regions(server, period="2024"), "year_before": regions(server, period="2024")}
    quarter = regions(server, period="2025-Q1")
    assert quarter["compared"]["previous"]["from"] == "2024-10-01" and quarter["compared"]["year_before"]["from"] == "2024-01-01"
    for now, others in ((answer, then), (quarter, {"previous": regions(server, period="2024-Q4"), "year_before": regions(server, period="2024-Q1")})):
        for area in now["ranked"] + now["insufficient"]:
            for name, other in others.items():
                trend = area["trend"][name]
                ranked = {r["cell"]["id"]: r for r in other["ranked"]}
                second = {r["cell"]["id"]: r for r in other["insufficient"]}
                if area["cell"]["id"] in ranked:
                    old = ranked[area["cell"]["id"]]
                    assert trend["score"] == pytest.approx(old["score"]["value"]) and trend["rank"] == old["rank"] and trend["reason"] is None
                    if area["rank"]:
                        assert trend["change"] == pytest.approx(area["score"]["value"] - old["score"]["value"]) and trend["places"] == old["rank"] - area["rank"]
                else:
                    assert trend["score"] is None and trend["reason"] == second[area["cell"]["id"]]["reasons"][0]["about"]
    assert all(a["trend"]["previous"]["reason"] == "map_begins_later" for a in regions(server, period="2023")["ranked"])


def test_who_is_responsible(server, district):
    towns = {r["cell"]["code"]: r for r in regions(server)["ranked"]}
    heads = {code: next(h for h in r["responsible"] if h["post"] == "town_head") for code, r in towns.items()}
    assert heads["990107006000"]["acting"] is True and heads["990107002000"]["acting"] is False
    for head in heads.values():
        assert "****" in head["person"]["phone"] and head["zh"] == "街镇第一责任人"
    villages = {r["cell"]["code"]: r for part in ("ranked", "insufficient") for r in regions(server, "village")[part]}
    vacant = [h for h in villages["990107004005"]["responsible"] if h["post"] == "safety_officer"]
    assert [(h["vacant"], h["person"]) for h in vacant] == [(True, None)]
    area = towns["990107002000"]
    leader = server.session("leader")
    for link in area["links"].values():
        assert leader.get(server.base + link + ("&limit=1" if "figures" not in link and "cells/" not in link else "")).status_code == 200, link
    assert leader.get(server.base + area["links"]["map"]).json()["geometry"]["type"] == "MultiPolygon"


def test_a_merged_cell_stands_apart_and_a_window_without_records_ranks_nobody(server, district):
    ended = {r["cell"]["code"]: r["reasons"][0]["about"] for r in regions(server, "village")["insufficient"]}
    assert ended["990107003011"] == ended["990107003012"] == "ended"
    assert "990107003601" not in ended
    with own_rules(server, [("score-floors", dict(name="look_back_days", value=30))], "2026-01-02"):  # of the month that runs there are no records
        now = regions(server, period="this_month")
    assert now["window"]["running"] and now["data_until"] < "2026-01-02" and now["synthetic"] is True
    assert now["ranked"] == [] and {r["reasons"][0]["about"] for r in now["insufficient"]} == {"little_inspection"}
    assert now["ranking"]["zh"] == "没有可以排名的网格。"


def test_rules_and_floors_are_dated_and_a_district_has_its_own(server, district):
    coordinator, api = server.session("coordinator"), server.base + "/api/v1"
    number = next(d["id"] for d in coordinator.get(api + "/districts").json()["items"] if d["scheme"] == SCHEME)
    before = regions(server)
    assert all(c["assumption"] for c in before["rules"]["components"]) and before["rules"]["day"] == "2025-12-31"

    def post(path, status=201, **body):
        answer = coordinator.post(f"{api}/{path}", json={"district": number, "from": "2025-07-01", "reason": "区安委会决定", **body})
        assert answer.status_code == status, answer.text
        return answer.json()
    rule = post("score-rules", component="accidents", weight=0, scale="mean", zero_at=0, full_at=3)
    floor = post("score-floors", name="inspection_coverage", value=0)
    weight = post("figure-weights", scale="severity", grade="major", weight=1)
    assert rule["measure"] == "accidents_per_enterprise"
    after, earlier = regions(server), regions(server, period="2025-Q2")
    assert {c["component"] for c in after["rules"]["components"]} == {"open_hazards", "overdue_hazards", "overdue_enterprises", "coverage_gap"}
    assert UNWATCHED in {r["cell"]["code"] for r in after["ranked"]}  # without a floor it is ranked, and high: nothing was done in time
    assert len(earlier["rules"]["components"]) == 5 and UNWATCHED in {r["cell"]["code"] for r in earlier["insufficient"]}
    post("score-rules", 422, component="accidents", measure="due_coverage", weight=1, scale="mean", zero_at=0, full_at=3)
    post("score-rules", 422, component="accidents", weight=1, scale="mean", zero_at=3, full_at=3)
    post("score-floors", 422, name="look_back_days", value=0)
    post("figure-weights", 422, scale="accident", grade="major", weight=1)
    assert server.session("officer").post(api + "/score-rules", json={}).status_code == 403
    listed = coordinator.get(f"{api}/score-rules", params={"district": number, "at": "2025-08-01"}).json()["items"]
    assert [(r["weight"], r["district"]) for r in listed if r["component"] == "accidents"] == [(0, number), (20, None)]
    assert [f["value"] for f in coordinator.get(f"{api}/score-floors", params={"district": number}).json()["items"] if f["name"] == "inspection_coverage"] == [0, 0.1]
    for path, one in (("score-rules", rule), ("score-floors", floor), ("figure-weights", weight)):
        assert coordinator.patch(f"{api}/{path}/{one['id']}", json={"district": number, "to": "2025-07-01"}).status_code == 204
    assert regions(server)["ranked"] == before["ranked"]


@pytest.mark.parametrize("query,field", [({"level": "district"}, "level"), ({"period": "x"}, "period"), ({"mode": "as_of"}, "as_of"), ({"measures": "accidents"}, "measures")])
def test_bad_input_names_the_field(server, district, query, field):
    answer = server.session("leader").get(server.base + "/api/v1/key-regions", params={"level": "town", **YEAR, **query})
    assert answer.status_code == 400 and [e["field"] for e in answer.json()["errors"]] == [field]
