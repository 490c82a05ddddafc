"""Risk colours: of enterprises by their grade, of areas by the highest and by an index; apart from hazards and accidents."""
import collections
import csv
import io
import shutil
import subprocess

import pytest

from harness import ROOT

BINARY = ROOT / "build/release/gridward"
SCHEME = "sim-990109"
CITY = f"code:{SCHEME}:990109000000"
COLOURS = {1: ("red", "R", "红"), 2: ("orange", "O", "橙"), 3: ("yellow", "Y", "黄"), 4: ("blue", "B", "蓝")}


@pytest.fixture(scope="module")
def grades(server):
    """The ninth district of the simulator; one village has no grades at all, one only low ones. The grades of the enterprises by village of the day of the end."""
    made = server.folder / "risk"
    subprocess.run([BINARY, "simulate", made, "--districts", "9"], check=True, capture_output=True)
    folder = made / "district-009"
    rows = list(csv.DictReader(open(folder / "enterprises.csv", encoding="utf-8-sig")))
    for i, e in enumerate(rows):
        if e["name"].startswith("听涛1社区"):
            e["risk_grade"] = ""
        elif e["name"].startswith("听涛2社区"):
            e["risk_grade"] = "4"
        elif i % 7 == 0:
            e["risk_grade"] = ""
    with open(folder / "enterprises.csv", "w", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    imported = subprocess.run([BINARY, "import", "--database", server.database, folder / "recipe.toml"], capture_output=True, text=True)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    yield {r["code"]: int(r["risk_grade"] or 0) for r in rows}
    shutil.rmtree(made)


def ask(server, level, **query):
    answer = server.session("leader").get(server.base + "/api/v1/figures", params={"within": CITY, "level": level, "period": "2025", "measures": "risk_highest,risk_index", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def everyone(server, link):
    leader, items, after = server.session("leader"), [], ""
    while after is not None:
        page = leader.get(f"{server.base}{link}&limit=1000{after and '&after=' + after}").json()
        items, after = items + page["items"], page["next"]
    return items


def test_the_district_is_counted_grade_by_grade(server, grades):
    row = ask(server, "district")["rows"][0]["figures"]
    counts = collections.Counter(grades.values())
    highest, index = row["risk_highest"], row["risk_index"]
    assert highest["detail"]["by_grade"] == {str(g): counts[g] for g in (1, 2, 3, 4)} and highest["detail"]["without_grade"] == counts[0] > 0
    assert (highest["value"], highest["numerator"], highest["denominator"]) == (1, counts[1], sum(counts.values()))
    assert (highest["detail"]["colour"], highest["detail"]["letter"], highest["detail"]["zh"]) == COLOURS[1]
    weighted = 4 * counts[1] + 3 * counts[2] + 2 * counts[3] + counts[4]
    assert index["numerator"] == weighted and index["denominator"] == sum(counts.values()) - counts[0] and index["value"] == pytest.approx(weighted / index["denominator"])


def test_an_area_has_the_highest_colour_of_its_enterprises_and_none_without_grades(server, grades):
    villages = ask(server, "village")["rows"]
    for row in villages[::9] + [r for r in villages if r["cell"]["name"] in ("听涛1社区", "听涛2社区")]:
        highest, index = row["figures"]["risk_highest"], row["figures"]["risk_index"]
        enterprises = everyone(server, highest["base_records"])
        counts = collections.Counter(grades[e["code"]] for e in enterprises)
        assert highest["denominator"] == len(enterprises)
        for e in enterprises:
            assert e["risk_colour"] == (COLOURS[e["risk_grade"]][0] if e["risk_grade"] else None)
        present = [g for g in (1, 2, 3, 4) if counts[g]]
        if not present:
            assert highest["value"] is None and index["value"] is None and highest["reason"] == index["reason"] == ("no_grade" if enterprises else "no_enterprise")
            assert highest["detail"]["colour"] is None and highest["records"] is None and highest["detail"]["without_grade"] == len(enterprises)
            continue
        assert highest["value"] == present[0] and (highest["detail"]["colour"], highest["detail"]["letter"], highest["detail"]["zh"]) == COLOURS[present[0]]
        assert {e["risk_grade"] for e in everyone(server, highest["records"])} == {present[0]} and len(everyone(server, highest["records"])) == highest["numerator"] == counts[present[0]]
        graded = everyone(server, index["base_records"])
        assert len(graded) == index["denominator"] and sum(e["counts"] for e in everyone(server, index["records"])) == index["numerator"]
    by_name = {r["cell"]["name"]: r["figures"]["risk_highest"] for r in villages}
    assert by_name["听涛1社区"]["reason"] == "no_grade" and by_name["听涛2社区"]["detail"]["colour"] == "blue"


def test_children_sum_to_their_parents_and_risk_does_not_depend_on_hazards(server, grades):
    for mode in ({}, {"mode": "as_is"}, {"mode": "as_of", "as_of": "2024-06-01"}):
        totals = []
        for level in ("district", "town", "village"):
            answer = ask(server, level, **mode)
            rows = answer["rows"] + answer["direct"] + [answer["unplaced"]]
            total = collections.Counter()
            for r in rows:
                detail = r["figures"]["risk_highest"]["detail"]
                total.update({**detail["by_grade"], "0": detail["without_grade"]})
            totals.append(total)
        assert totals[0] == totals[1] == totals[2]
    one, other = ask(server, "town", grade="major", source="patrol"), ask(server, "town")
    assert one["rows"] == other["rows"]


def test_a_table_for_a_spreadsheet_has_the_colours_by_name(server, grades):
    answer = ask(server, "village")
    sheet = server.session("leader").get(server.base + "/api/v1/figures", params={"within": CITY, "level": "village", "period": "2025", "measures": "risk_highest,risk_index", "format": "csv"})
    lines = {r["code"]: r for r in csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))) if r["part"] == "cell"}
    assert len(lines) == len(answer["rows"]) and len({r["risk_highest_label"] for r in lines.values()}) > 2
    for row in answer["rows"]:
        highest, line = row["figures"]["risk_highest"], lines[row["cell"]["code"]]
        assert line["risk_highest_label"] == (COLOURS[highest["value"]][2] if highest["value"] else "")
        assert "risk_index_label" not in line and line["risk_highest_reason"] == (highest["reason"] or "")


def test_a_grade_holds_from_its_day_and_is_compared_in_grades(server, grades):
    """In the village of blue ones one becomes red in July: the area is red from then on and blue before."""
    village = next(r for r in ask(server, "village")["rows"] if r["cell"]["name"] == "听涛2社区")
    first = everyone(server, village["figures"]["risk_highest"]["base_records"])[0]
    coordinator = server.session("coordinator")
    changed = coordinator.patch(f"{server.base}/api/v1/cells/{first['id']}", json={"from": "2025-07-01", "risk_grade": 1, "reason": "辨识评估"}, headers={"If-Match": "*"})
    assert changed.status_code in (200, 204), changed.text

    def of(period, **query):
        answer = ask(server, "village", period=period, **query)
        return next(r["figures"] for r in answer["rows"] if r["cell"]["id"] == village["cell"]["id"])
    before, after = of("2025-Q2"), of("2025-Q3", compare="previous")
    assert before["risk_highest"]["detail"]["colour"] == "blue" and before["risk_index"]["value"] == 1
    assert (after["risk_highest"]["detail"]["colour"], after["risk_highest"]["numerator"]) == ("red", 1)
    assert [e["risk_colour"] for e in everyone(server, after["risk_highest"]["records"])] == ["red"]
    n = after["risk_index"]["denominator"]
    assert after["risk_index"]["value"] == pytest.approx((n - 1 + 4) / n)
    earlier = after["risk_highest"]["previous"]
    assert (earlier["value"], earlier["change"], earlier["ratio"], earlier["reason"]) == (4, -3, None, None)
