"""Files in and out over REST, as a bureau sends them: a zip with a recipe, GBK text, Excel sheets."""
import io
import json
import pathlib
import subprocess
import tempfile
import zipfile

import pytest

from harness import ROOT
from test_rights import make

RECIPE = """
[district]
scheme = "transfer-test"
enterprise_scheme = "transfer-test-units"
time_zone = "Asia/Shanghai"
holds_from = 2020-01-01
shape = "children"

[[table]]
kind = "district"
constants = { code = "990901", name = "传输测试区", kind = "区" }

[[table]]
kind = "village"
file = "villages.geojson"
columns = { code = "code", name = "name" }
constants = { parent = "990901", kind = "村" }

[[table]]
kind = "enterprise"
file = "units.xlsx"
crs = "EPSG:4490"
columns = { code = "编号", name = "名称", industry = "行业", lon = "经度", lat = "纬度" }

[[table]]
kind = "hazard"
file = "hazards.csv"
encoding = "GBK"
columns = { key = "编号", day = "日期", enterprise = "单位", description = "说明" }
constants = { source = "patrol", grade = "general" }
"""


def square(code, name, west):
    return {"type": "Feature", "properties": {"code": code, "name": name},
            "geometry": {"type": "Polygon", "coordinates": [[[west, 30], [west + 0.1, 30], [west + 0.1, 30.1], [west, 30.1], [west, 30]]]}}


def sheet(tmp_path, rows):
    source = tmp_path / "units.csv"
    source.write_text("编号,名称,行业,经度,纬度\n" + "".join(",".join(map(str, r)) + "\n" for r in rows))
    subprocess.run(["ogr2ogr", "-f", "XLSX", tmp_path / "units.xlsx", source], check=True)
    return (tmp_path / "units.xlsx").read_bytes()


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            z.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    units = [("E1", "甲厂", "C26", 124.05, 30.05), ("E2", "乙厂", "C17", 124.15, 30.05)]
    return {"recipe.toml": RECIPE, "villages.geojson": json.dumps({"type": "FeatureCollection", "features": [square("990901001", "东村", 124.0), square("990901002", "西村", 124.1)]}),
            "units.xlsx": sheet(tmp_path_factory.mktemp("sheet"), units),
            "hazards.csv": "编号,日期,单位,说明\n1,2024-03-01,E1,通道堵塞\n2,2024-03-02,E2,配电箱敞开\n".encode("gbk")}


def send(session, server, files, **params):
    return session.post(server.base + "/api/v1/imports", params=params, data=archive(files), headers={"Content-Type": "application/zip"})


def test_a_zip_is_tried_then_imported_then_nothing_changes(server, files):
    me = server.session("coordinator")
    tried = send(me, server, files, dry_run="true")
    assert tried.status_code == 200 and not tried.json()["written"] and tried.json()["bad"] == [], tried.text
    assert {t["table"]: t["added"] for t in tried.json()["tables"]} == {"district": 1, "village": 2, "enterprise": 2, "hazard": 2}
    assert all(d["scheme"] != "transfer-test" for d in me.get(server.base + "/api/v1/districts").json()["items"])
    assert send(me, server, files).status_code == 201
    again = send(me, server, files)
    assert again.status_code == 201 and all(t["added"] == t["changed"] == 0 for t in again.json()["tables"])
    district = server.district("transfer-test")
    hazards = me.get(server.base + "/api/v1/hazards", params={"district": district}).json()["items"]
    assert sorted(h["description"] for h in hazards) == ["通道堵塞", "配电箱敞开"]
    units = me.get(server.base + "/api/v1/enterprises", params={"district": district}).json()["items"]
    assert [(u["code"], u["name"], u["lon"], u["lat"]) for u in units] == [("E1", "甲厂", 124.05, 30.05), ("E2", "乙厂", 124.15, 30.05)]


def test_a_bad_row_is_reported_and_nothing_is_imported(server, files):
    me = server.session("coordinator")
    wrong = {**files, "hazards.csv": "编号,日期,单位,说明\n3,2024-13-01,E1,坏日期\n4,2024-03-05,E1,好\n".encode("gbk")}
    answer = send(me, server, wrong)
    assert answer.status_code == 200 and not answer.json()["written"]
    assert [(b["file"], b["row"], b["column"]) for b in answer.json()["bad"]] == [("hazards.csv", 1, "日期")]
    assert "hazards.csv" in send(me, server, wrong, format="csv").text.splitlines()[1]
    taken = send(me, server, wrong, skip_bad="true")
    assert taken.status_code == 201 and taken.json()["tables"][-1]["added"] == 1


@pytest.mark.parametrize("change, said", [({"recipe.toml": None}, "no recipe.toml"), ({"recipe.toml": RECIPE.replace("units.xlsx", "/etc/passwd")}, "must be in the recipe's folder"),
                                          ({"recipe.toml": RECIPE.replace('crs = "EPSG:4490"', "crs = \"EPSG:4610\"\nshift = [24, -123, -94]")}, "shift must be seven numbers"),
                                          ({"recipe.toml": RECIPE.replace("villages.geojson", "trick.vrt"), "trick.vrt": '<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'}, "cannot be read")])
def test_an_archive_that_is_not_one_of_ours_is_refused(server, files, change, said):
    answer = send(server.session("coordinator"), server, {k: v for k, v in {**files, **change}.items() if v is not None})
    assert answer.status_code == 400 and said in answer.text


def test_no_file_of_an_archive_gets_out_of_its_folder(server, files):
    send(server.session("coordinator"), server, {**files, "../gridward-out.txt": "x", "/tmp/gridward-out.txt": "x"}, dry_run="true")
    assert not list(pathlib.Path(tempfile.gettempdir()).glob("gridward-out.txt")) and not list(pathlib.Path(tempfile.gettempdir()).glob("gridward-import-*"))


def test_who_may_import_what(server, files):
    assert send(server.session("leader"), server, files).status_code == 403
    import requests
    assert requests.post(server.base + "/api/v1/imports", data=b"x" * 2_000_000).status_code == 413
    not_a_zip = server.session("coordinator").post(server.base + "/api/v1/imports", data=b"x" * 2_000_000)
    assert not_a_zip.status_code == 400 and ".zip" in not_a_zip.text


@pytest.mark.parametrize("form", ["gpkg", "geojson", "fgb", "csv", "xlsx"])
@pytest.mark.parametrize("what, count", [("cells", 12), ("hazards", None)])
def test_what_is_taken_out_reads_back(server, tmp_path, form, what, count):
    me = server.session("leader")
    asked = {"what": what, "format": form, "cell": "code:chicago:32"}
    if what == "hazards":
        asked |= {"from": "2014-01-01", "to": "2015-01-01"}
        count = int(me.get(server.base + "/api/v1/figures?within=code:chicago:32&level=town&measures=hazard_density&from=2014-01-01&to=2015-01-01").json()["rows"][0]["figures"]["hazard_density"]["numerator"])
    else:
        count = 1 + len(me.get(server.base + "/api/v1/cells/code:chicago:32/children?limit=1000").json()["items"])
    answer = me.post(server.base + "/api/v1/exports", json=asked)
    assert answer.status_code == 200 and f"filename={what}.{form}" in answer.headers["Content-Disposition"]
    path = tmp_path / f"{what}.{form}"
    path.write_bytes(answer.content)
    said = subprocess.run(["ogrinfo", "-ro", "-so", "-al", path] + (["-oo", "HEADERS=FORCE"] if form == "xlsx" else []), capture_output=True, text=True, check=True).stdout
    assert f"Feature Count: {count}" in said, said
    by_hand = tmp_path / f"by_hand.{form}"
    subprocess.run([ROOT / "build/release/gridward", "export", "--database", server.database, "--cell", "code:chicago:32", "--what", what,
                    *(["--from", "2014-01-01", "--to", "2015-01-01"] if what == "hazards" else []), by_hand], check=True)
    assert abs(by_hand.stat().st_size - len(answer.content)) < 1000


def test_what_was_taken_out_is_in_the_trail(server):
    asked = {"what": "accidents", "format": "xlsx", "cell": "code:chicago:32"}
    assert server.session("leader").post(server.base + "/api/v1/exports", json=asked).status_code == 200
    trail = make(server, "trail-reader", "auditor").get(server.base + "/api/v1/audit", params={"district": server.district(), "limit": 1000}).json()["items"]
    assert any(t["actor"] == "leader" and t["action"] == "export" and t["entity_id"].startswith("accidents.xlsx of code:chicago:32, ") for t in trail)


def test_made_up_data_say_so(server):
    me = server.session("leader")
    top = next(d["cell"] for d in me.get(server.base + "/api/v1/districts").json()["items"] if d["synthetic"])
    lines = me.post(server.base + "/api/v1/exports", json={"what": "enterprises", "format": "csv", "cell": str(top)}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3001 and all("演示数据·合成" in line for line in lines[1:])
