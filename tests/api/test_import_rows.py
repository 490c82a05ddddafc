"""Rows of tables as offices write them: read right, or refused with file, row, column as the file calls it, why and what to do, in English and Chinese."""
import csv
import io
import json
import math

import pytest

from test_transfers import send, square

HEAD = """
[district]
scheme = "{scheme}"
enterprise_scheme = "{scheme}-units"
holds_from = 2020-01-01
shape = "children"
[[table]]
kind = "district"
constants = {{ code = "990903", name = "行表测试区" }}
[[table]]
kind = "village"
file = "villages.geojson"
columns = {{ code = "code", name = "name" }}
constants = {{ parent = "990903" }}
"""
HAZARD = """
[[table]]
kind = "hazard"
file = "隐患.csv"
crs = "EPSG:4490"
columns = { key = "编号", day = "发现日期", enterprise = "单位", cell_code = "村居", lon = "经度", lat = "纬度", grade = "等级", closed_on = "销号日期", listed_on = "挂牌日期" }
constants = { source = "patrol" }
values.grade = { "一般" = "general", "重大" = "major" }
"""
UNIT = """
[[table]]
kind = "enterprise"
file = "企业.csv"
crs = "EPSG:4490"
columns = { code = "代码", name = "名称", parent = "村居", lon = "经度", lat = "纬度", headcount = "人数", risk_grade = "风险" }
"""
VILLAGES = json.dumps({"type": "FeatureCollection", "features": [square("990903001", "东村", 124.0), square("990903002", "西村", 124.1)]})
GOOD = {"编号": "1", "发现日期": "2024-03-01", "单位": "", "村居": "990903001", "经度": "124.05", "纬度": "30.05", "等级": "一般", "销号日期": "", "挂牌日期": ""}


def sheet(rows, names=None):
    out = io.StringIO()
    writer = csv.DictWriter(out, names or list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def tried(server, scheme, *recipe, write=False, **files):
    me = server.session("coordinator")
    return me, send(me, server, {"recipe.toml": HEAD.format(scheme=scheme) + "".join(recipe), "villages.geojson": VILLAGES, **files}, **({} if write else {"dry_run": "true"}))


def only_bad(answer):
    report = answer.json()
    assert answer.status_code == 200 and report["bad_total"] == len(report["bad"]) == 1 and not report["written"], answer.text
    return report["bad"][0]


def test_days_codes_and_spaces_are_read_as_they_are_meant(server):
    days = ["2023/1/5", "20230105", "2023年1月5日", "2023.1.5", "2023-01-05 13:45:00", "2023-1-5", "２０２３-０１-０５", " 2023-01-05\u3000"]
    rows = [{**GOOD, "编号": f"　Ａ{i}\u00a0", "发现日期": day, "村居": "９９０９０３００１", "经度": "", "纬度": ""} for i, day in enumerate(days)]
    me, answer = tried(server, "rows-read", HAZARD, write=True, **{"隐患.csv": sheet(rows)})
    assert answer.status_code == 201, answer.text
    listed = me.get(server.base + "/api/v1/hazards", params={"district": server.district("rows-read"), "limit": 100}).json()["items"]
    assert sorted(h["external_id"] for h in listed) == [f"A{i}" for i in range(len(days))] and {h["day"] for h in listed} == {"2023-01-05"}
    assert {(h["cell_code"], h["rule"]) for h in listed} == {("990903001", "code")}


BAD = [({"发现日期": "44931"}, "发现日期", "2023-01-05"), ({"发现日期": "01/05/2023"}, "发现日期", "write the year first"), ({"发现日期": "2023-02-30"}, "发现日期", "not a day of the calendar"),
       ({"发现日期": "昨天"}, "发现日期", "2024-05-31"), ({"发现日期": ""}, "发现日期", "is empty"), ({"发现日期": "20230101 " + "1" * 400000 + "x"}, "发现日期", "2024-05-31"), ({"发现日期": "2999-01-01"}, "发现日期", "in the future"),
       ({"销号日期": "2024-02-01"}, "销号日期", "before the day"), ({"挂牌日期": "2024-02-29"}, "挂牌日期", "before the day"), ({"编号": "1.20101E+11"}, "编号", "rounded"), ({"村居": "990903001.0"}, "村居", "decimal point"), ({"编号": ""}, "编号", "is empty"), ({"编号": "1" * 400000 + ".0"}, "编号", "decimal point"),
       ({"经度": "30.05", "纬度": "124.05"}, "经度, 纬度", "seem swapped"), ({"经度": "124,05"}, "经度", "comma"), ({"经度": "124°3′"}, "经度", "not a coordinate"), ({"经度": ""}, "经度", "\"纬度\" is not"),
       ({"经度": "nan"}, "经度", "not a coordinate"), ({"经度": "0", "纬度": "0"}, "经度", "0, 0 is no place"), ({"等级": "小"}, "等级", "general, major"), ({"等级": ""}, "等级", "is empty")]


@pytest.mark.parametrize("change, column, said", BAD, ids=[str(b[0])[:40] for b in BAD])
def test_a_bad_value_is_told_where_and_why(server, change, column, said):
    rows = [GOOD, {**GOOD, "编号": "2", **change}]
    bad = only_bad(tried(server, "rows-bad", HAZARD, **{"隐患.csv": sheet(rows)})[1])
    assert (bad["file"], bad["row"], bad["column"]) == ("隐患.csv", 2, column) and said in bad["reason"], bad
    assert any("\u4e00" <= c <= "\u9fff" for c in bad["reason_zh"])


def test_a_repeated_key_names_the_first(server):
    bad = only_bad(tried(server, "rows-bad", HAZARD, **{"隐患.csv": sheet([GOOD, {**GOOD, "编号": "2"}, GOOD])})[1])
    assert (bad["row"], bad["column"]) == (3, "编号") and "in row 1 already" in bad["reason"]


def test_empty_rows_are_passed_over(server):
    text = sheet([GOOD, dict.fromkeys(GOOD, ""), {**dict.fromkeys(GOOD, " "), "村居": "\u3000"}, {**GOOD, "编号": "2"}])
    _, answer = tried(server, "rows-bad", HAZARD, **{"隐患.csv": text})
    assert answer.json()["bad"] == [] and answer.json()["tables"][-1]["added"] == 2


@pytest.mark.parametrize("change, column, said", [({"人数": "三十"}, "人数", "whole number"), ({"人数": "-1"}, "人数", "whole number"), ({"风险": "红"}, "风险", "values.risk_grade"), ({"代码": "1E+15"}, "代码", "rounded"),
                                                  ({"村居": "990903009", "经度": "", "纬度": ""}, "村居", "not the code of a cell above")])
def test_enterprises_are_judged_too(server, change, column, said):
    row = {"代码": "E1", "名称": "甲厂", "村居": "990903001", "经度": "124.05", "纬度": "30.05", "人数": "12.0", "风险": "2"}
    assert tried(server, "rows-bad", UNIT, **{"企业.csv": sheet([row])})[1].json()["bad"] == []
    bad = only_bad(tried(server, "rows-bad", UNIT, **{"企业.csv": sheet([{**row, **change}])})[1])
    assert bad["column"] == column and said in bad["reason"], bad


TREE = """
[district]
scheme = "rows-tree"
holds_from = 2020-01-01
[[table]]
kind = "district"
constants = { code = "010203", name = "零区" }
[[table]]
kind = "town"
file = "towns.csv"
columns = { code = "代码", name = "名称", parent = "上级" }
"""


@pytest.mark.parametrize("rows, column, said", [([("10203001", "010203")], "代码", "lost a zero"), ([("010203001", "10203")], "上级", "lost a zero"), ([("010203001", "010204")], "上级", "not the code of a cell above"),
                                                ([("010203001", "010203"), ("010203002", "010203001")], "上级", "not the code of a cell above"), ([("010203001", "")], "上级", "is empty")])
def test_a_tree_without_its_zeros_or_parents_is_refused(server, rows, column, said):
    me = server.session("coordinator")
    bad = only_bad(send(me, server, {"recipe.toml": TREE, "towns.csv": sheet([{"代码": c, "名称": "甲", "上级": p} for c, p in rows])}, dry_run="true"))
    assert (bad["file"], bad["row"], bad["column"]) == ("towns.csv", len(rows), column) and said in bad["reason"], bad


POSTS = """
[[table]]
kind = "person"
file = "people.csv"
columns = { key = "工号", name = "姓名" }
[[table]]
kind = "assignment"
file = "posts.csv"
columns = { key = "#", cell = "单元", post = "岗位", person = "工号", from = "起", to = "止" }
"""


@pytest.mark.parametrize("change, column, said", [({"工号": "P9", "单元": "990903002"}, "工号", "not a person"), ({"岗位": "king"}, "岗位", "not the code of a post"), ({"单元": "990903009"}, "单元", "not the code of a cell"),
                                                  ({"单元": "990903"}, "单元", "level of the post"), ({"止": "2024-01-01"}, "止", "not later"), ({"工号": "P2", "起": "2024-06-01"}, "起", "another holds")])
def test_an_assignment_that_cannot_hold_is_told(server, change, column, said):
    people = sheet([{"工号": "P1", "姓名": "张三"}, {"工号": "P2", "姓名": "李四"}])
    good = {"单元": "990903001", "岗位": "safety_officer", "工号": "P1", "起": "2024-01-01", "止": ""}
    _, answer = tried(server, "rows-posts", POSTS, **{"people.csv": people, "posts.csv": sheet([good])})
    assert answer.json()["bad"] == [] and answer.json()["tables"][-1]["added"] == 1, answer.text
    bad = only_bad(tried(server, "rows-posts", POSTS, **{"people.csv": people, "posts.csv": sheet([good, {**good, **change}])})[1])
    assert (bad["row"], bad["column"]) == (2, column) and said in bad["reason"], bad


def gcj02(lon, lat):
    """The public approximation, written anew."""
    x, y, pi = lon - 105, lat - 35, math.pi
    waves = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves + (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3 + (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves + (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3 + (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    magic = 1 - 0.00669342162296594323 * math.sin(math.radians(lat)) ** 2
    return (lon + east * 180 / (6378245 / math.sqrt(magic) * math.cos(math.radians(lat)) * pi), lat + north * 180 / (6378245 * (1 - 0.00669342162296594323) / (magic * math.sqrt(magic)) * pi))


def test_coordinates_of_an_internet_map_are_suspected(server):
    """Points 300 m inside the eastern border of their village, told in GCJ-02: half a kilometre off, and in the next village."""
    true = [(124.097, 30.02 + i / 500) for i in range(12)]
    rows = [{**GOOD, "编号": str(i), "经度": repr(gcj02(*p)[0]), "纬度": repr(gcj02(*p)[1])} for i, p in enumerate(true)]
    bad = only_bad(tried(server, "rows-gcj", HAZARD, **{"隐患.csv": sheet(rows)})[1])
    assert (bad["row"], bad["column"]) == (0, "crs") and "12 more would" in bad["reason"] and "GCJ-02" in bad["reason_zh"], bad
    declared = HAZARD.replace("EPSG:4490", "GCJ-02")
    assert tried(server, "rows-gcj", declared, **{"隐患.csv": sheet(rows)})[1].json()["bad"] == []
    twice = [{**GOOD, "编号": str(i), "经度": repr(124.103), "纬度": repr(y), "村居": "990903002"} for i, (_, y) in enumerate(true)]
    assert "CGCS2000 already" in only_bad(tried(server, "rows-gcj", declared, **{"隐患.csv": sheet(twice)})[1])["reason"]
    assert tried(server, "rows-gcj", HAZARD, **{"隐患.csv": sheet(twice)})[1].json()["bad"] == []


def test_what_a_person_should_look_at_is_listed(server):
    rows = [{**GOOD, "单位": "无此企业"}, {**GOOD, "编号": "2", "村居": "990903009", "经度": "", "纬度": ""}, {**GOOD, "编号": "3", "经度": "130", "纬度": "31"}, {**GOOD, "编号": "4", "经度": "124.15"},
            {**GOOD, "编号": "5", "村居": "", "经度": "", "纬度": ""}, {**GOOD, "编号": "6", "发现日期": "2019-12-31"}]
    _, answer = tried(server, "rows-look", HAZARD, **{"隐患.csv": sheet(rows)})
    assert answer.json()["bad"] == [], answer.text
    said = "\n".join(answer.json()["tables"][-1]["suspects"])
    for text in ("1 name an enterprise that is not known, and count by point or code (row 1)", "1 give the code of a cell that is not known (row 2)", "1 of 3 points lie in no cell (row 3)",
                 "2 of 3 points lie outside the cell that their row names, and count by enterprise or where they lie (rows 3, 4)", "1 say no place at all, and count as unplaced (row 5)", "1 happened before the map holds, and count as unplaced (row 6)"):
        assert text in said, said


def test_the_report_as_csv(server):
    me = server.session("coordinator")
    files = {"recipe.toml": HEAD.format(scheme="rows-csv") + HAZARD, "villages.geojson": VILLAGES, "隐患.csv": sheet([GOOD, {**GOOD, "编号": "2", "等级": "=1+1"}])}
    answer = send(me, server, files, format="csv", dry_run="true")
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [(r["file"], r["row"], r["column"]) for r in rows] == [("隐患.csv", "2", "等级")] and "values.grade" in rows[0]["reason"] and "对照" in rows[0]["原因"]


def test_more_bad_rows_than_can_be_listed_are_counted(server):
    rows = [{**GOOD, "编号": str(i), "等级": "?"} for i in range(10_050)]
    report = tried(server, "rows-many", HAZARD, **{"隐患.csv": sheet(rows)})[1].json()
    assert len(report["bad"]) == 10_000 < report["bad_total"] and not report["written"]


RECIPE_ERRORS = [
    ('holds_from = 2020-01-01', 'holds_from = "spring"', ["district.holds_from"], "must be a day"), ('shape = "children"', 'shape = "round"', ["district.shape"], '"own" or "children"'),
    ('[district]', '[district]\ncolour = 1\ntime_zone = 8', ["district.colour", "district.time_zone"], "is not known"), ('kind = "hazard"', 'kind = "hasard"', ["table[3].kind"], "give district, town"),
    ('day = "发现日期"', 'dya = "发现日期"', ["table[3].columns.dya", "table[3].columns.day"], "is needed"), ('source = "patrol"', 'source = "me"', ["table[3].constants.source"], "self_check, patrol"),
    ('file = "隐患.csv"', 'file = "隐患.xlsx"', ["table[3].file"], "is not there"), ('file = "隐患.csv"', 'file = "../隐患.csv"', ["table[3].file"], "must be in the recipe's folder"),
    ('lat = "纬度", ', '', ["table[3].columns"], "lon and lat, or neither"), ('constants = { source = "patrol" }', 'constants = "patrol"\nrepair = "yes"\nheader = 0', ["table[3].constants", "table[3].repair", "table[3].header"], "true or false"),
    ('columns = { key', 'columns = { source = "等级", key', ["table[3].constants.source"], "as a column too"), ('[[table]]\nkind = "hazard"', '[[tables]]\nkind = "hazard"', ["tables"], "is not known"),
    ('holds_from = 2020-01-01', 'time_zone = "Asia/Shangai"\nholds_from = 2020-01-01', ["district.time_zone"], "Asia/Shanghai"), ('kind = "village"', 'kind = "village"\nrepeated = "last"', ["table[2].repeated"], "union"),
    ('day = "发现日期"', 'day = "发现日"', ["table[3].columns.day"], "no column \"发现日\""), ('[[table]]', '[[table]', ["line"], "is not TOML")]


@pytest.mark.parametrize("old, new, fields, said", RECIPE_ERRORS, ids=[e[1][:30] for e in RECIPE_ERRORS])
def test_a_bad_recipe_names_its_keys_and_says_what_to_do(server, old, new, fields, said):
    recipe = HEAD.format(scheme="rows-recipe") + HAZARD
    assert old in recipe
    me = server.session("coordinator")
    answer = send(me, server, {"recipe.toml": recipe.replace(old, new, 1) if "table]]" not in old else recipe[::-1].replace(old[::-1], new[::-1], 1)[::-1], "villages.geojson": VILLAGES, "隐患.csv": sheet([GOOD])}, dry_run="true")
    assert answer.status_code == 400, answer.text
    errors = answer.json()["errors"]
    assert set(fields) <= {e["field"].split(" ")[0] for e in errors} and any(said in e["detail"] for e in errors), errors
    assert "/tmp" not in answer.text


def test_names_of_columns_below_a_title(server):
    title = "某街道隐患台账,,,,,,,\n填报单位：某街道,,,,,,,\n".encode() + sheet([GOOD])
    _, answer = tried(server, "rows-title", HAZARD, **{"隐患.csv": title})
    assert answer.status_code == 400 and "give header = 3" in answer.json()["detail"], answer.text
    _, answer = tried(server, "rows-title", HAZARD.replace("[[table]]", "[[table]]\nheader = 3"), **{"隐患.csv": title})
    assert answer.json()["bad"] == [] and answer.json()["tables"][-1]["added"] == 1


def test_shapes_in_parts_become_one_and_numbers_are_added(server):
    parts = [square("990904001", "双村", 125.0), square("990904001", "双村", 125.1), square("990904002", "单村", 125.2)]
    recipe = HEAD.format(scheme="rows-parts").replace("990903", "990904").replace('file = "villages.geojson"', 'file = "villages.geojson"\nrepeated = "union"') + """
[[table]]
kind = "accident"
file = "accidents.csv"
crs = "EPSG:4490"
columns = { key = "#", day = "day", lon = "lon", lat = "lat", deaths = ["d1", "d2"], serious_injuries = "i", direct_loss_yuan = ["l1", "l2"] }
"""
    accidents = [{"day": "2024-01-01", "lon": x, "lat": 30.05, "d1": d1, "d2": d2, "i": i, "l1": l1, "l2": ""} for x, d1, d2, i, l1 in
                 [(125.05, 1, 2, 0, 0), (125.15, 2, 0, 10, 0), (125.15, 0, "", 0, "9999999.99"), (125.25, 15, 15, 0, "1")]]
    me = server.session("coordinator")
    answer = send(me, server, {"recipe.toml": recipe, "villages.geojson": json.dumps({"type": "FeatureCollection", "features": parts}), "accidents.csv": sheet(accidents)})
    assert answer.status_code == 201 and [(t["added"], t["repeated"]) for t in answer.json()["tables"]] == [(1, 0), (2, 1), (4, 0)], answer.text
    listed = me.get(server.base + "/api/v1/accidents", params={"district": server.district("rows-parts")}).json()["items"]
    assert sorted((a["deaths"], a["grade"]) for a in listed) == [(0, "ordinary"), (2, "larger"), (3, "larger"), (30, "extraordinary")]
    villages = {c["code"]: c for c in me.get(server.base + "/api/v1/cells", params={"within": "code:rows-parts:990904"}).json()["items"]}
    assert villages["990904001"]["area_km2"] == pytest.approx(2 * villages["990904002"]["area_km2"], rel=1e-9)
    assert sum(a["cell"] == villages["990904001"]["id"] for a in listed) == 3
    again = send(me, server, {"recipe.toml": recipe, "villages.geojson": json.dumps({"type": "FeatureCollection", "features": parts}), "accidents.csv": sheet(accidents)})
    assert all(t["added"] == t["changed"] == 0 for t in again.json()["tables"]), again.text
