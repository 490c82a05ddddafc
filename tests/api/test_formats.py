"""Lists and figures as CSV, XLSX and GeoJSON, read back by readers that are not ours: the same as the JSON says."""
import csv
import datetime
import io
import json
import subprocess

import openpyxl
import pytest

from contract import DOCUMENT, columns_of
from test_rights import make
from test_transfers import send, square

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEAR = "from=2014-01-01&to=2015-01-01"
LISTS = {"ListDistricts": "/api/v1/districts?", "ListCells": "/api/v1/cells?within=code:chicago:chicago&level=town", "ListChildren": "/api/v1/cells/code:chicago:32/children?",
         "ListCellAssignments": "/api/v1/cells/code:sim-990101:990101001000/assignments?", "ListPeople": "/api/v1/people?district={sim}", "ListAssignments": "/api/v1/assignments?district={sim}",
         "ListEnterprises": "/api/v1/enterprises?cell=code:chicago:32&" + YEAR + "&counted=exposed", "ListHazards": "/api/v1/hazards?cell=code:chicago:32&" + YEAR,
         "ListInspections": "/api/v1/inspections?cell=code:chicago:32&" + YEAR, "ListPatrols": "/api/v1/patrols?cell=code:sim-990101:990101001000&from=2024-01-01&to=2024-02-01",
         "ListAccidents": "/api/v1/accidents?district={sim}", "ListUsers": "/api/v1/users?", "ListTokens": "/api/v1/tokens?", "ListAudit": "/api/v1/audit?district={chicago}",
         "ListAttachments": "/api/v1/attachments?kind=hazard&event={event}", "ListHazardSteps": "/api/v1/hazards/{event}/steps?", "ListPosts": "/api/v1/posts?",
         "ListCertificates": "/api/v1/certificates?district={chicago}", "ListExemptions": "/api/v1/exemptions?district={chicago}", "ListContactPoints": "/api/v1/contact-points?district={chicago}", "ListEntrustments": "/api/v1/entrustments?district={chicago}", "ListVisitRules": "/api/v1/visit-rules?district={sim}",
         "ListOverlays": "/api/v1/overlays?district={chicago}", "ListOverlayAreas": "/api/v1/overlays/{overlay}/areas?district={chicago}", "ListOverlayHolders": "/api/v1/overlay-holders?district={chicago}",
         "ListOverlayFindings": "/api/v1/overlays/{overlay}/findings?district={chicago}",
         "ListFigureWeights": "/api/v1/figure-weights?district={sim}", "ListScoreRules": "/api/v1/score-rules?district={sim}", "ListScoreFloors": "/api/v1/score-floors?district={sim}",
         "ListFindings": "/api/v1/findings?within=code:sim-990101:990101000000", "ListVacancies": "/api/v1/vacancies?within=code:sim-990101:990101000000"}


@pytest.fixture(scope="module")
def who(server):
    me = {"ListUsers": server.session("admin"), "ListAudit": make(server, "formats-auditor", "auditor")}
    me["leader"] = server.session("leader")
    me["leader"].post(server.base + "/api/v1/tokens", json={"label": "formats", "days": 1})
    event = "6b1f7b1e-35cb-4a3a-9a0e-2f8d7f0a5c77"
    officer = server.session("officer")
    made = officer.post(server.base + "/api/v1/hazards", json={"id": event, "district": server.district(), "day": "2017-03-01", "source": "patrol", "grade": "major", "lon": -87.63, "lat": 41.88,
                                                                "category": "-2+3+cmd|' /C calc'!A0", "description": "=HYPERLINK(\"http://x.example\",\"好\"), 两\n行\x01"})
    assert made.status_code == 201, made.text
    officer.put(server.base + f"/api/v1/attachments/{event.replace('77', '78')}", params={"kind": "hazard", "event": event, "name": "图.jpg"}, data=b"x").raise_for_status()
    office = server.session("coordinator")
    post = lambda path, **body: office.post(f"{server.base}/api/v1/{path}", json=body).json()
    person = post("people", district=server.district(), name="证书")["id"]
    post("certificates", district=server.district(), person=person, kind="enforcement", number="0012", **{"from": "2020-01-01"})
    shop = me["leader"].get(server.base + "/api/v1/enterprises?cell=code:chicago:32&at=2018-01-01&limit=1").json()["items"][0]["id"]
    post("exemptions", enterprise=str(shop), ground="seasonal", proof="-", **{"from": "2018-01-01", "to": "2018-02-01"})
    town = {"cell": "code:chicago:32", "from": "2018-01-01", "to": "2019-01-01"}
    post("contact-points", person=person, visit_days=30, **town)
    post("entrustments", department="局", body="=队", document_no="〔2018〕1", published="-", matters=["a, b", "c"], powers=["检查"], limit_unit_yuan=50000, **town)
    overlay = post("overlays", district=server.district(), code="formats", name="=片区", kind="派出所", **{"from": "2018-01-01"})["id"]
    loop = {"type": "Polygon", "coordinates": [[[-87.64, 41.87], [-87.62, 41.87], [-87.62, 41.89], [-87.64, 41.89], [-87.64, 41.87]]]}
    area = post(f"overlays/{overlay}/areas", district=server.district(), code="01", name="一所", geometry=loop, **{"from": "2018-01-01"})["id"]
    post("overlay-holders", district=server.district(), area=area, person=person, post="所长", **{"from": "2018-01-01"})
    me["places"] = {"sim": server.district("sim-990101"), "chicago": server.district(), "event": event, "overlay": overlay}
    return me


def pages(session, server, url):
    whole = any(name in url for name in ("attachments", "districts", "tokens", "posts", "steps", "rules", "weights", "floors"))  # lists that have no pages
    items, target = [], url if whole else url + ("" if url.endswith("?") else "&") + "limit=1000"
    while target:
        answer = session.get(server.base + target)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        target = answer.links.get("next", {}).get("url")
    return items


def flat(item, names):
    """What a row says, by the names of the columns: members of objects are columns of their own."""
    out = {}
    for name in names:
        splits = [(name[:i], name[i + 1:]) for i, c in enumerate(name) if c == "_"]
        out[name] = item[name] if name in item else next((item[of][member] for of, member in splits if isinstance(item.get(of), dict) and member in item[of]), None)
    return out


def as_text(value):
    return "" if value is None else {True: "true", False: "false"}[value] if isinstance(value, bool) else value if isinstance(value, str) else json.dumps(value)


def guarded(text):
    """A text as a CSV tells it: one that a spreadsheet would run is quoted."""
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text


def told(text):
    """A text without control characters, of which sheets have none."""
    return "".join(c for c in text if c >= " " or c == "\n").replace("_x0001_", "").replace("\ufffd", "") if isinstance(text, str) else text


@pytest.mark.parametrize("operation", LISTS)
def test_a_list_reads_the_same_in_every_format(server, who, operation, tmp_path):
    me, url = who.get(operation, who["leader"]), LISTS[operation].format(**who["places"])
    items = pages(me, server, url)
    assert items, "there is nothing to compare"
    as_csv = me.get(server.base + url, headers={"Accept": "text/csv"})
    assert as_csv.status_code == 200 and as_csv.headers["Content-Type"] == "text/csv; charset=utf-8" and as_csv.content.startswith(b"\xef\xbb\xbf") and as_csv.content.endswith(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"), newline="")))
    names = [n for n in rows[0] if n != "data_note"]
    if operation == "ListAudit":  # reading a list is not noted, but tests at the same time write
        items, rows = items[:len(rows)], rows[:len(items)]
    assert len(rows) == len(items)
    for item, row in zip(items, rows):
        for name, value in flat(item, names).items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                assert float(row[name]) == value, name
            elif isinstance(value, (dict, list)):
                assert json.loads(row[name]) == value, name
            else:
                assert told(row[name]) == told(guarded(as_text(value))), name
    answer = me.get(server.base + url + "&format=xlsx")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == XLSX
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    table = [list(r) for r in sheet.iter_rows(values_only=True)]
    assert table[0][:len(names)] == names and len(table) - 1 >= len(items)
    for item, row in zip(items, table[1:]):
        for name, value, cell in zip(names, flat(item, names).values(), row):
            if isinstance(cell, datetime.datetime):
                assert cell == datetime.datetime.fromisoformat(value), name
            elif isinstance(value, (dict, list)):
                assert json.loads(cell) == value, name
            else:
                assert told(cell) == told(value) if isinstance(value, str) else cell == (pytest.approx(value, rel=1e-15) if isinstance(value, float) else value) and type(cell) in (type(value), int, float), name  # a sheet has 16 digits


@pytest.mark.parametrize("operation", [o for o in LISTS if any("application/geo+json" in r.get("content", {}) for path in DOCUMENT["paths"].values() for op in path.values()
                                                              if op["operationId"] == o for r in op["responses"].values())])
def test_what_has_a_place_comes_as_geojson(server, who, operation, tmp_path):
    me, url = who["leader"], LISTS[operation].format(**who["places"])
    answer = me.get(server.base + url + "&limit=1000", headers={"Accept": "application/geo+json"})
    assert answer.headers["Content-Type"] == "application/geo+json"
    features = answer.json()["features"]
    plain = me.get(server.base + url + "&limit=1000").json()["items"]
    assert [f["properties"] for f in features] == plain and [f["id"] for f in features] == [p["id"] for p in plain]
    assert sum(f["geometry"] is not None for f in features) > 0
    for f in features:
        if f["properties"].get("lon") is not None and operation not in ("ListFindings", "ListOverlayFindings"):  # which has the land that it is about
            assert f["geometry"] == {"type": "Point", "coordinates": [f["properties"]["lon"], f["properties"]["lat"]]}
    (tmp_path / "list.geojson").write_bytes(answer.content)
    said = subprocess.run(["ogrinfo", "-ro", "-so", "-al", tmp_path / "list.geojson"], capture_output=True, text=True, check=True).stdout
    assert f"Feature Count: {len(features)}" in said


def test_one_event_as_a_feature(server, who):
    one = who["leader"].get(server.base + f"/api/v1/hazards/{who['places']['event']}?format=geojson")
    assert one.json()["geometry"]["coordinates"] == [-87.63, 41.88] and one.headers["Content-Type"] == "application/geo+json"


def test_no_text_becomes_a_formula(server, who):
    def is_ours(description):
        return "=HYPERLINK" in (description or "")
    me, url = who["leader"], server.base + "/api/v1/hazards?cell=code:chicago:32&from=2017-01-01&to=2018-01-01"
    row = next(r for r in csv.DictReader(io.StringIO(me.get(url + "&format=csv").content.decode("utf-8-sig"), newline="")) if is_ours(r["description"]))
    assert row["category"].startswith("'-2+3") and row["description"].startswith("'=HYPERLINK") and "两\n行" in row["description"] and row["lon"] == "-87.63"
    for content in (me.get(url + "&format=xlsx").content, me.post(server.base + "/api/v1/exports", json={"what": "hazards", "format": "xlsx", "cell": "code:chicago:32", "from": "2017-01-01", "to": "2018-01-01"}).content):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        head = [c.value for c in sheet[1]]
        at = next(r for r in range(2, sheet.max_row + 1) if is_ours(sheet.cell(r, head.index("description") + 1).value))
        for name in ("category", "description"):
            cell = sheet.cell(at, head.index(name) + 1)
            assert cell.data_type == "s" and cell.value[0] in "-=", cell.value
        assert sheet.cell(at, head.index("lon") + 1).value == -87.63 and sheet.cell(at, head.index("day") + 1).value == datetime.datetime(2017, 3, 1)
    taken = me.post(server.base + "/api/v1/exports", json={"what": "hazards", "format": "csv", "cell": "code:chicago:32", "from": "2017-01-01", "to": "2018-01-01"}).content.decode("utf-8-sig")
    assert ",'-2+3" in taken and "\"'=HYPERLINK" in taken


def test_a_sheet_is_whole_or_pages(server, who):
    me, url = who["leader"], server.base + "/api/v1/hazards?cell=code:chicago:32&" + YEAR + "&format=csv"
    whole = me.get(url)
    assert "Link" not in whole.headers
    first = me.get(url + "&limit=10")
    assert len(first.text.splitlines()) == 11 and "rel=\"next\"" in first.headers["Link"]
    second = me.get(server.base + first.links["next"]["url"])
    assert second.text.splitlines()[0] == first.text.splitlines()[0] and whole.text.splitlines()[11:21] == second.text.splitlines()[1:]


def test_a_list_that_is_too_long_to_be_whole_says_what_to_do(server):
    me = server.session("coordinator")
    recipe = """
[district]
scheme = "long-list"
holds_from = 2020-01-01
[[table]]
kind = "district"
file = "district.geojson"
columns = { code = "code", name = "name" }
[[table]]
kind = "hazard"
file = "hazards.csv"
columns = { key = "n", day = "day" }
constants = { source = "patrol", grade = "general", cell_code = "990902" }
"""
    files = {"recipe.toml": recipe, "district.geojson": json.dumps({"type": "FeatureCollection", "features": [square("990902", "长表区", 123.0)]}),
             "hazards.csv": "n,day\n" + "".join(f"{n},2024-01-01\n" for n in range(100001))}
    assert send(me, server, files).status_code == 201
    url = server.base + f"/api/v1/hazards?district={server.district('long-list')}"
    refused = me.get(url + "&format=csv")
    assert refused.status_code == 413 and "limit" in refused.json()["detail"] and "/api/v1/exports" in refused.json()["detail"]
    assert len(me.get(url + "&format=csv&limit=1000").text.splitlines()) == 1001


FIGURES = "/api/v1/figures?within=code:{scheme}:{code}&level=village&from={a}&to={b}"


@pytest.mark.parametrize("scheme, code, a, b, more", [("chicago", "chicago", "2014-01-01", "2015-01-01", ""), ("sim-990101", "990101000000", "2024-01-01", "2025-01-01", "&mode=as_of&as_of=2024-06-01&grade=major")])
def test_figures_as_a_flat_table_equal_the_json(server, who, scheme, code, a, b, more):
    me, url = who["leader"], server.base + FIGURES.format(scheme=scheme, code=code, a=a, b=b) + more
    plain = me.get(url).json()
    expected = [("cell", r) for r in plain["rows"]] + [("direct", r) for r in plain["direct"]] + [("unplaced", plain["unplaced"])]
    rows = list(csv.DictReader(io.StringIO(me.get(url + "&format=csv").content.decode("utf-8-sig"), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(me.get(url, headers={"Accept": XLSX}).content))
    table = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == len(expected) == len(table) - 1 > 100
    district = next(d for d in me.get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == scheme)
    for (part, right), row, line in zip(expected, rows, table[1:]):
        sheet = dict(zip(table[0], line))
        assert (row["part"], row["from"], row["to"], row["mode"], row["as_of"], row["data_until"]) == (part, a, b, plain["mode"], plain["as_of"] or "", district["last_day"])
        assert row.get("data_note") == ("演示数据·合成" if district["synthetic"] else None)
        assert (row["code"], row["name"]) == (right["cell"].get("code", ""), right["cell"].get("name", ""))
        for m, f in right["figures"].items():
            for suffix, key in (("", "value"), ("_n", "numerator"), ("_d", "denominator"), ("_low", "low"), ("_high", "high")):
                assert (float(row[m + suffix]) if row[m + suffix] else None) == f[key] == pytest.approx(sheet[m + suffix], rel=1e-15), (m, suffix)
            assert (row[m + "_reason"] or None, row[m + "_unit"]) == (f["reason"], f["unit"]) == (sheet[m + "_reason"], sheet[m + "_unit"])
            assert (f["value"] is None) == bool(row[m + "_reason"])
    notes = {r[0].split()[-1]: r[1] for r in book.worksheets[1].iter_rows(values_only=True)}
    assert notes["data_until"] == district["last_day"] and notes["mode"] == plain["mode"] and notes.get("data_note") == ("演示数据·合成" if district["synthetic"] else None)


def test_data_of_a_made_up_district_say_so_in_every_sheet(server, who):
    me, sim = who["leader"], who["places"]["sim"]
    rows = list(csv.DictReader(io.StringIO(me.get(server.base + f"/api/v1/enterprises?district={sim}&format=csv").content.decode("utf-8-sig"))))
    assert len(rows) == 3000 and {r["data_note"] for r in rows} == {"演示数据·合成"}
    mixed = list(csv.DictReader(io.StringIO(me.get(server.base + "/api/v1/cells?level=district&format=csv").content.decode("utf-8-sig"))))
    synthetic = {str(d["id"]): d["synthetic"] for d in me.get(server.base + "/api/v1/districts").json()["items"]}
    assert synthetic[str(sim)] and not all(synthetic.values()), "of both kinds there are some"
    assert all(r["data_note"] == ("演示数据·合成" if synthetic[r["district"]] else "") for r in mixed)


@pytest.mark.parametrize("accept, gives", [(None, "application/json"), ("*/*", "application/json"), ("text/csv", "text/csv"), ("TEXT/*", "text/csv"), ("application/*", "application/json"),
                                           ("text/csv;q=0.2, application/json;q=0.1", "text/csv"), ("text/csv;q=0.1, */*;q=0.5", "application/json"), ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
                                           ("application/json;q=0, text/csv;q=0.001", "text/csv"), ("application/geo+json;charset=utf-8", "application/geo+json"), (XLSX, XLSX),
                                           ("image/png", None), ("application/json;q=0", None), ("*/*;q=0", None)])
def test_accept_chooses_or_is_refused(server, who, accept, gives):
    me = who["leader"]
    answer = me.get(server.base + "/api/v1/cells?level=town&within=code:chicago:chicago", headers={"Accept": accept})
    if gives is None:
        assert answer.status_code == 406 and answer.json()["type"] == "/problems/not-acceptable" and "text/csv" in answer.json()["detail"]
    else:
        assert answer.status_code == 200 and answer.headers["Content-Type"].split(";")[0] == gives
    assert me.get(server.base + "/api/v1/cells?level=town&within=code:chicago:chicago&format=csv", headers={"Accept": accept}).headers["Content-Type"].startswith("text/csv")


def test_an_address_that_has_one_format_refuses_the_others(server, who):
    assert who["leader"].get(server.base + "/api/v1/me", headers={"Accept": "text/csv"}).status_code == 406
    assert who["leader"].get(server.base + "/api/v1/figures?within=code:chicago:32&level=town&format=geojson&" + YEAR).status_code == 400
    assert who["leader"].get(server.base + "/api/v1/me?format=csv").json()["errors"][0]["field"] == "format"


def test_each_format_has_its_own_tag(server, who):
    me, url = who["leader"], server.base + "/api/v1/hazards?cell=code:chicago:32&" + YEAR
    tags = {}
    for accept in ("application/json", "text/csv", XLSX, "application/geo+json"):
        answer = me.get(url, headers={"Accept": accept})
        tags[answer.headers["ETag"]] = accept
        assert me.get(url, headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]}).status_code == 304
        assert "Accept" in answer.headers["Vary"] and me.get(url, headers={"Accept": accept}).content == answer.content
    assert len(tags) == 4


def test_every_list_has_a_test_here():
    lists = [o["operationId"] for path in DOCUMENT["paths"].values() for o in path.values() if columns_of(o)]
    assert sorted(lists) == sorted(LISTS)


def test_a_sheet_in_chinese_has_the_words_of_the_page(server, who):
    """Heads and values for people; without lang, and in English, those of the contract, on which programs rely."""
    address = f"{server.base}/api/v1/hazards?district={server.district()}&from=2017-03-01&to=2017-03-02&format="
    plain, told, english = (list(csv.DictReader(io.StringIO(who["leader"].get(address + "csv" + lang).content.decode("utf-8-sig"), newline=""))) for lang in ("", "&lang=zh", "&lang=en"))
    assert plain == english and len(plain) == len(told) > 0
    for one, other in zip(plain, told):
        assert (other["日期"], other["类别"]) == (one["day"], one["category"])
        assert other["等级"] == {"general": "一般", "major": "重大"}[one["grade"]]
    assert {r["来源"] for r in told} <= {"执法检查", "巡查", "自查", "举报", "其他"}
    sheet = openpyxl.load_workbook(io.BytesIO(who["leader"].get(address + "xlsx&lang=zh").content)).worksheets[0]
    assert [c.value for c in sheet[1]] == list(told[0])
    shops = list(csv.DictReader(io.StringIO(who["leader"].get(f"{server.base}/api/v1/enterprises?district={server.district('sim-990101')}&limit=50&format=csv&lang=zh").content.decode("utf-8-sig"), newline="")))
    assert all(s["行业"].split()[1][0] in "CFGHE" for s in shops) and any(s["行业"] == "零售业 F52" for s in shops)


def test_every_column_of_a_list_has_a_head_in_chinese(server, who):
    for operation, address in LISTS.items():
        answer = who.get(operation, who["leader"]).get(server.base + address.format(**who["places"]) + "&format=csv&lang=zh")
        assert answer.status_code == 200, (operation, answer.text)
        heads = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert len(heads) == len(set(heads)), (operation, heads)
        assert not [h for h in heads if not any("\u4e00" <= c <= "\u9fff" for c in h)], (operation, heads)
