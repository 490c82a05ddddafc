"""The official table of hazards against a count of the simulator's files in plain Python, against the figures, and as the form that is printed."""
import csv
import io
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest

from harness import ROOT

BINARY = ROOT / "build/release/gridward"
SCHEME = "sim-990108"  # a district of this file's own, so that no other test changes it
CITY = f"code:{SCHEME}:990108000000"
COUNTS = ("units", "general_found", "general_rectified", "major_found", "major_rectified", "in_plan", "five_in_place", "listed", "listed_by_province")
# (year, month or quarter), the period, the cumulative window
TABLES = [({"year": 2025, "month": 6}, ("2025-06-01", "2025-07-01"), ("2025-01-01", "2025-07-01")), ({"year": 2025, "month": 1}, ("2025-01-01", "2025-02-01"), ("2025-01-01", "2025-02-01")),
          ({"year": 2024, "month": 2}, ("2024-02-01", "2024-03-01"), ("2024-01-01", "2024-03-01")), ({"year": 2025, "quarter": 4}, ("2025-10-01", "2026-01-01"), ("2025-01-01", "2026-01-01"))]


def rows_of(path):
    return list(csv.DictReader(open(path, encoding="utf-8-sig")))


@pytest.fixture(scope="module")
def files(server):
    """The eighth district of the simulator. Of its major hazards some are planned, listed and paid for; some enterprises have no industry, or one in words."""
    made = server.folder / "official-tables"
    subprocess.run([BINARY, "simulate", made, "--districts", "8"], check=True, capture_output=True)
    folder = made / "district-008"
    enterprises, hazards = rows_of(folder / "enterprises.csv"), rows_of(folder / "hazards.csv")
    for i, e in enumerate(enterprises):
        e["industry"] = {0: "", 1: "渔家乐", 2: "=1+1"}.get(i % 50, e["industry"])
    with open(folder / "enterprises.csv", "w", newline="") as out:
        writer = csv.DictWriter(out, enterprises[0].keys())
        writer.writeheader()
        writer.writerows(enterprises)
    imported = subprocess.run([BINARY, "import", "--database", server.database, folder / "recipe.toml"], capture_output=True, text=True)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    coordinator, api = server.session("coordinator"), server.base + "/api/v1"
    majors = coordinator.get(f"{api}/hazards", params={"cell": CITY, "from": "2024-01-01", "to": "2026-01-01", "grade": "major", "limit": 1000}).json()["items"]
    assert len(majors) > 12
    for h in hazards:
        h.update(in_plan=h["in_plan"] == "true", five_in_place=h["five_in_place"] == "true", funds_yuan=float(h["funds_yuan"] or 0), listed_on=h["listed_on"] or None)
    by_key = {h["key"]: h for h in hazards}
    for i, h in enumerate(majors):
        # Some were listed long after they were found, in another year.
        listed_on, listed_by = [("2025-06-15", "province"), ("2025-12-31", "district"), (None, None)][i % 3]
        if listed_on and h["day"] > listed_on:
            listed_on = listed_by = None
        patch = {"in_plan": i % 2 == 0, "five_in_place": i % 4 == 0, "funds_yuan": 12345.5 * (i + 1), "listed_on": listed_on, "listed_by": listed_by}
        answer = coordinator.patch(f"{api}/hazards/{h['id']}", json=patch, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        by_key[h["external_id"]].update(patch)
    yield {"enterprises": {e["code"]: e for e in enterprises}, "hazards": hazards, "visits": rows_of(folder / "visits.csv")}
    shutil.rmtree(made)


def get(server, path, **query):
    answer = server.session("leader").get(server.base + "/api/v1/" + path, params={"within": CITY, **query})
    assert answer.status_code == 200, answer.text
    return answer


def report(server, **query):
    return get(server, "reports/hazards", **query).json()


def section(industry):
    return industry[0] if industry[:1].isascii() and industry[:1].isalpha() and industry[1:].isdigit() else industry


def counted(files, start, end, chosen):
    """The columns of the form, by definition, of the industries for which chosen() holds."""
    industry = lambda code: section(files["enterprises"][code]["industry"])
    hazards = [h for h in files["hazards"] if chosen(industry(h["enterprise"]))]
    found = [h for h in hazards if start <= h["day"] < end]
    closed = lambda h: h["closed_on"] and h["closed_on"] < end
    general, major = ([h for h in found if h["grade"] == g] for g in ("general", "major"))
    listed = [h for h in hazards if h["listed_on"] and start <= h["listed_on"] < end]
    visited = {v["enterprise"] for v in files["visits"] if start <= v["day"] < end and v.get("result", "completed") == "completed"}
    units = {code for code in visited | {h["enterprise"] for h in found} if chosen(industry(code))}
    return {"units": len(units), "general_found": len(general), "general_rectified": sum(bool(closed(h)) for h in general), "major_found": len(major), "major_rectified": sum(bool(closed(h)) for h in major),
            "in_plan": sum(h["in_plan"] for h in major), "five_in_place": sum(h["in_plan"] and h["five_in_place"] for h in major),
            "listed": len(listed), "listed_by_province": sum(h["listed_by"] == "province" for h in listed), "funds_wan_yuan": sum(h["funds_yuan"] for h in found) / 10000}


@pytest.mark.parametrize("query,period,cumulative", TABLES)
def test_it_counts_what_a_plain_count_counts(server, files, query, period, cumulative):
    answer = report(server, **query)
    assert (answer["window"]["from"], answer["window"]["to"]) == period and (answer["cumulative_window"]["from"], answer["cumulative_window"]["to"]) == cumulative
    for name, window in (("period", period), ("cumulative", cumulative)):
        for row, chosen in [(answer["total"], lambda i: True)] + [(r, (lambda key: lambda i: i == (key or ""))(r["industry"])) for r in answer["rows"]]:
            expected = counted(files, *window, chosen)
            assert {k: row[name][k] for k in COUNTS} == {k: expected[k] for k in COUNTS}, (name, row.get("industry"))
            assert row[name]["funds_wan_yuan"] == pytest.approx(expected["funds_wan_yuan"])
            for grade in ("general", "major"):
                n, k = row[name][f"{grade}_found"], row[name][f"{grade}_rectified"]
                assert row[name][f"{grade}_rate"] == (pytest.approx(k / n) if n else None)
    keys = [r["industry"] for r in answer["rows"]]
    assert keys == ["C", "E", "F", "G", "H", "=1+1", "渔家乐", None] or keys == [k for k in ["C", "E", "F", "G", "H", "=1+1", "渔家乐", None] if k in keys]
    assert answer["rows"][-1]["zh"] == "行业不明" and answer["rows"][0]["zh"] == "制造业"
    assert answer["total"]["cumulative"]["major_found"] > 0 and (query["year"] != 2025 or query.get("month") == 1 or answer["total"]["cumulative"]["listed"] > 0)


@pytest.mark.parametrize("mode", [{}, {"mode": "as_is"}, {"mode": "as_of", "as_of": "2025-03-01"}])
@pytest.mark.parametrize("query,period,cumulative", TABLES[:1] + TABLES[2:])
def test_it_counts_what_the_figures_count_and_its_rows_sum_to_it(server, files, query, period, cumulative, mode):
    leader = server.session("leader")
    for level in ("town", "village"):
        answer = report(server, by="area", level=level, **query, **mode)
        for name, window in (("period", period), ("cumulative", cumulative)):
            for column in COUNTS + ("funds_wan_yuan",):
                assert sum(r[name][column] for r in answer["rows"]) == pytest.approx(answer["total"][name][column]), column
            for grade in ("general", "major"):
                table = get(server, "figures", level=level, measures="hazard_density,rectification_rate", grade=grade, **{"from": window[0], "to": window[1]}, **mode).json()
                figures = {r["cell"]["id"]: r["figures"] for r in table["rows"]}
                for row in answer["rows"]:
                    if row["cell"] and row["cell"]["id"] in figures:
                        of = figures[row["cell"]["id"]]
                        assert row[name][f"{grade}_found"] == of["hazard_density"]["numerator"] == of["rectification_rate"]["denominator"]
                        assert row[name][f"{grade}_rectified"] == of["rectification_rate"]["numerator"]
        assert {k: answer["total"][k] for k in ("period", "cumulative")} == {k: report(server, **query, **mode)["total"][k] for k in ("period", "cumulative")}
    town = next(r for r in report(server, by="area", level="town", **query, **mode)["rows"] if r["cell"].get("code") == "990108002000")
    for name in ("period", "cumulative"):
        for column, link in town["records"][name].items():
            items = leader.get(server.base + link + "&limit=1000").json()["items"]
            assert len(items) == town[name][column], (name, column)


def test_what_was_known_then_and_a_part_of_the_district(server, files):
    before = report(server, year=2025, quarter=4, known_at="2020-01-01T00:00:00Z")
    assert all(before["total"]["cumulative"][k] == 0 for k in COUNTS) and before["rows"] == []
    town = report(server, year=2025, month=6, within=f"code:{SCHEME}:990108002000")
    villages = report(server, year=2025, month=6, within=f"code:{SCHEME}:990108002000", by="area", level="village")
    rows = {r["cell"].get("code"): r for r in report(server, year=2025, month=6, by="area", level="town")["rows"]}
    for name in ("period", "cumulative"):
        assert town["total"][name] == villages["total"][name] == rows["990108002000"][name]


def sheets(body):
    """The cells of a workbook and its merged ranges, by sheet, read without a library."""
    book = zipfile.ZipFile(io.BytesIO(body))
    ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    strings = ["".join(t.text or "" for t in si.iter(f"{{{ns['m']}}}t")) for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", ns)]
    names = [s.get("name") for s in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{{{ns['m']}}}sheet")]
    out = {}
    for i, name in enumerate(names):
        sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{i + 1}.xml"))
        cells = {}
        for c in sheet.iter(f"{{{ns['m']}}}c"):
            v = c.find("m:v", ns)
            if v is not None:
                cells[c.get("r")] = strings[int(v.text)] if c.get("t") == "s" else float(v.text)
            assert c.find("m:f", ns) is None  # no formulas
        out[name] = (cells, {m.get("ref") for m in sheet.iter(f"{{{ns['m']}}}mergeCell")})
    return out


def test_the_form_has_its_head_its_basis_and_the_same_numbers(server, files):
    answer = report(server, year=2025, month=6)
    printed = get(server, "reports/hazards", year=2025, month=6, format="xlsx")
    assert printed.headers["Content-Disposition"] == "attachment; filename=hazards.xlsx"
    found = sheets(printed.content)
    assert list(found) == ["累计", "本期"]
    for name, window, title in (("累计", "cumulative", "2025年1—6月累计"), ("本期", "period", "2025年6月")):
        cells, merged = found[name]
        assert title in cells["A1"] and cells["A1"].startswith("示范区") and cells["A2"] == "演示数据·合成"
        assert "归属口径" in cells["A3"] and f"数据截至：{answer['data_until']}" in cells["A3"]
        assert {"A1:M1", "A4:A5", "B4:B5", "C4:E4", "F4:H4", "I4:J4", "K4:L4", "M4:M5"} <= merged
        assert (cells["C4"], cells["C5"], cells["E5"], cells["I4"], cells["J5"], cells["L5"]) == ("一般隐患", "排查数（项）", "整改率", "列入治理计划的重大隐患", "其中五到位（项）", "其中省级（项）")
        columns = [d["column"] for d in answer["definitions"]]
        for i, row in enumerate([answer["total"]] + answer["rows"]):
            line = 6 + i
            assert cells[f"A{line}"] == ("合计" if i == 0 else row["zh"] if row["industry"] in (None, row["zh"]) else f"{row['industry']} {row['zh']}")
            for column, letter in zip(columns, "BCDEFGHIJKLM"):
                value = row[window][column]
                assert cells[f"{letter}{line}"] == ("—" if value is None else pytest.approx(value)), (name, line, letter)
        notes = "".join(v for k, v in cells.items() if k[0] == "A" and int(k[1:]) > 6 + len(answer["rows"]))
        for d in answer["definitions"]:
            assert d["zh"] in notes
        assert "签字" in notes
    assert get(server, "reports/hazards", year=2025, month=6, format="xlsx").content == printed.content


def test_csv_has_the_same_rows(server, files):
    for query in ({"year": 2025, "quarter": 2}, {"year": 2025, "month": 6, "by": "area", "level": "town"}):
        answer = report(server, **query)
        text = get(server, "reports/hazards", format="csv", **query).content.decode("utf-8-sig")
        table = list(csv.DictReader(io.StringIO(text)))
        assert len(table) == 2 * (1 + len(answer["rows"]))
        for row in table:
            key = "industry" if query.get("by") != "area" else None
            same = answer["total"] if row["row"] == "total" else next(r for r in answer["rows"] if (r[key] or "" if key else r["cell"].get("code", "")) == row["key"].removeprefix("'"))
            for column in COUNTS:
                assert int(row[column]) == same[row["window"]][column]
            assert row["general_rate"] == "" or float(row["general_rate"]) == pytest.approx(same[row["window"]]["general_rate"])
            assert row["data_note"] == "演示数据·合成" and row["data_until"] == answer["data_until"] and "general_found" in row["statistical_basis"]
            assert not row["name"].startswith("=")


def test_a_month_that_runs_is_counted_up_to_today(server, files):
    today = next(d["today"] for d in server.session("leader").get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == SCHEME)
    answer = report(server, year=int(today[:4]), month=int(today[5:7]))
    assert answer["window"]["running"] and answer["window"]["to"] > today and answer["cumulative_window"]["from"] == today[:4] + "-01-01"


def test_a_month_that_has_not_begun_has_no_table(server, files):
    answer = server.session("leader").get(server.base + "/api/v1/reports/hazards", params={"within": CITY, "year": 2090, "month": 1})
    assert answer.status_code == 422 and answer.json()["detail"] == "This period has not begun: its table can be made from 2090-01-01 on.", answer.text


@pytest.mark.parametrize("query,field", [({"year": 2025}, "month"), ({"year": 2025, "month": 1, "quarter": 1}, "month"), ({"year": 2025, "month": 13}, "month"), ({"month": 1}, "year"), ({"year": 2025, "month": 1, "by": "area"}, "level"),
                                         ({"year": 2025, "month": 1, "level": "town"}, "level"), ({"year": 2025, "month": 1, "mode": "as_of"}, "as_of")])
def test_bad_input_names_the_field(server, files, query, field):
    answer = server.session("leader").get(server.base + "/api/v1/reports/hazards", params={"within": CITY, **query})
    assert answer.status_code == 400 and [e["field"] for e in answer.json()["errors"]] == [field], answer.text
