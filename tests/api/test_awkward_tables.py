"""Tables and small maps as offices send them: each is read right or refused with what to do. They are made here, byte by byte."""
import codecs
import gzip
import io
import json
import subprocess
import zipfile

import openpyxl
import pytest

from harness import ROOT

TEXT = "编号,名称,日期,经度,纬度\nE1,甲厂,2023/1/5,117.05,39.05\nE2,乙厂,2023/12/15,117.06,39.06\n"
RIGHT = ["2 rows; columns: 编号, 名称, 日期, 经度, 纬度", "编号 = E1, 名称 = 甲厂, 日期 = 2023/1/5, 经度 = 117.05, 纬度 = 39.05"]


def look(path, *options):
    done = subprocess.run([ROOT / "build/release/gridward", "import", *options, path], capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1, 2), f"{path} ended with {done.returncode}: {done.stderr}"
    return done.returncode, done.stdout + done.stderr


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            z.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def workbook(*sheets):
    book = openpyxl.Workbook()
    for i, rows in enumerate(sheets):
        sheet = book.active if i == 0 else book.create_sheet(f"Sheet{i + 1}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shape(*rings, kind="Polygon"):
    return json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "1"}, "geometry": {"type": kind, "coordinates": list(rings) if kind == "Polygon" else rings[0]}}]}).encode()


SQUARE = [[117, 39], [117.1, 39], [117.1, 39.1], [117, 39.1], [117, 39]]
ARC = {"type": "Topology", "arcs": [[[117, 39], [117.1, 39], [117.1, 39.1], [117, 39]]],
       "objects": {"a": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"code": "1"}}]}}}

READ = {
    "bom.csv": (b"\xef\xbb\xbf" + TEXT.encode(), [], RIGHT), "utf16.csv": (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), [], RIGHT), "utf16be.csv": (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), [], RIGHT),
    "gb18030.csv": (b"\x84\x31\x95\x33" + TEXT.encode("gb18030"), [], RIGHT), "gbk.csv": (TEXT.encode("gbk"), ["--encoding", "GBK"], RIGHT),
    "gbk_bom.csv": (b"\xef\xbb\xbf" + TEXT.encode("gbk"), ["--encoding", "GBK"], RIGHT), "nobom16.csv": (TEXT.encode("utf-16-le"), ["--encoding", "UTF-16LE"], RIGHT),
    "excel.txt": (codecs.BOM_UTF16_LE + TEXT.replace(",", "\t").encode("utf-16-le"), [], RIGHT), "semicolon.csv": (TEXT.replace(",", ";").encode(), [], RIGHT),
    "tab.csv": (TEXT.replace(",", "\t").encode(), [], RIGHT), "tab.tsv": (TEXT.replace(",", "\t").encode(), [], RIGHT), "cr.csv": (TEXT.replace("\n", "\r").encode(), [], RIGHT),
    "crlf.csv": (TEXT.replace("\n", "\r\n").encode(), [], RIGHT), "sep.csv": (b"sep=;\r\n" + TEXT.replace(",", ";").encode(), [], RIGHT), "packed.csv.gz": (gzip.compress(TEXT.encode()), [], RIGHT),
    "spaces.csv": (TEXT.replace("E1,甲厂", "\u3000E1\u00a0, 甲厂 ").encode(), [], RIGHT), "empty_rows.csv": (TEXT.replace("E2", "\n,,,,\n \t, ,,,\nE2").encode(), [], RIGHT),
    "single.csv": (b"code\n1\n2\n", [], ["2 rows", "code = 1"]), "single_gbk.csv": ("编号\n1\n".encode("gbk"), ["--encoding", "GBK"], ["1 rows", "编号 = 1"]),
    "quotes.csv": ('编号,名称\n1,"甲 ""大"" 厂\n二部"\n'.encode(), [], ["1 rows", '甲 "大" 厂\n二部']),
    "three_sheets.xlsx": (workbook([["编号", "名称"], ["001", "甲"]], [], []), [], ["1 rows", "编号 = 001, 名称 = 甲"]),
    "one.zip": (zipped(数据__企业_csv=TEXT, __MACOSX__数据___企业_csv="x"), [], RIGHT), "two.zip/b.csv": (zipped(a_csv="a,b\n1,2\n", b_csv=TEXT), [], RIGHT),
    "topology.topojson": (json.dumps(ARC).encode(), ["--crs", "EPSG:4490"], ["1 MULTIPOLYGON"]),
    "lines.geojsonl": (b"\n".join([json.dumps({"type": "Feature", "properties": {"code": "1"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}).encode()] * 3), [], ["3 MULTIPOLYGON"]),
    "twice.geojson": (shape([SQUARE[0]] + SQUARE[:2] + SQUARE[1:]), [], ["1 MULTIPOLYGON"]),
    "bowtie_mended.geojson": (shape([[117, 39], [117.1, 39.1], [117.1, 39], [117, 39.1], [117, 39]]), ["--repair"], ["1 MULTIPOLYGON", "1 repaired"]),
}
REFUSED = {
    "gbk.csv": (TEXT.encode("gbk"), [], "As GBK it reads \"编号\""), "gbk_bom.csv": (b"\xef\xbb\xbf" + TEXT.encode("gbk"), [], "though the file says so"),
    "utf8.csv": (TEXT.encode(), ["--encoding", "GBK"], "its text is UTF-8, not GBK"), "nobom16.csv": (TEXT.encode("utf-16-le"), [], "UTF-16LE"), "unknown.csv": (TEXT.encode("gbk"), ["--encoding", "GBQ"], "is not known: GBK"),
    "broken.csv": (TEXT.encode("gbk").replace("甲厂".encode("gbk"), b"\xbc\xff\xb3\xa7"), ["--encoding", "GBK"], "bytes that its encoding does not know"),
    "pipe.csv": (TEXT.replace(",", "|").encode(), [], "not by |"), "mixed.csv": ("编号;名称,全称\n1;甲,乙\n".encode(), [], "both commas and semicolons"), "titled.csv": ("企业台账\ncode,name\n1,a\n".encode(), [], "no comma, semicolon or tab"),
    "empty.csv": (b"", [], "is empty"), "unclosed.csv": ('编号,名称\n1,"甲\n2,乙\n'.encode(), [], "never closed"), "title.csv": (("某街道企业登记表,,,,\n" + TEXT).encode(), [], "give header"),
    "title.xlsx": (workbook([["某街道企业登记表"], ["编号", "名称"], ["1", "甲"]]), [], "give header"), "sheets.xlsx": (workbook([["a"], ["1"]], [["b"], ["2"]]), [], "name one with layer"),
    "web.xls": (b"<html><table><tr><td>1</td></tr></table></html>", [], "web page"), "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, [], "password"), "paper.pdf": (b"%PDF-1.4", [], "PDF"),
    "two.zip": (zipped(a_csv=TEXT, b_csv=TEXT), [], "file = \"two.zip/a.csv\""), "in.zip": (zipped(in_zip=b"x"), [], "no map or table"), "no.zip": (b"hello", [], "not a .zip archive"),
    "zip.zip/x.csv": (zipped(a_csv=TEXT), [], "no \"x.csv\" in it"),
    "bowtie.geojson": (shape([[117, 39], [117.1, 39.1], [117.1, 39], [117, 39.1], [117, 39]]), [], "Self-intersection"), "hole.geojson": (shape(SQUARE, [[118, 39], [118.1, 39], [118.1, 39.1], [118, 39]]), [], "Hole lies outside"),
    "line.geojson": (shape([[117, 39], [117.1, 39.1], [117.2, 39.2], [117, 39]]), [], "no area"), "date_line.geojson": (shape([[179, 10], [-179, 10], [-179, 11], [179, 11], [179, 10]]), [], "180° meridian"),
    "swapped.geojson": (shape([[y, x] for x, y in SQUARE]), [], "seem swapped"), "nan.geojson": (shape(SQUARE).replace(b"117.1", b"NaN", 1), [], "not a number"), "cut.geojson": (shape(SQUARE)[:-30], [], "cannot be read"),
    "wkt.csv": (b"code,WKT\n1,POLYGON((117 39\n2,POINT(117 39)\n", ["--crs", "EPSG:4490"], "it is not WKT"), "address.csv": (b"code,WKT\n1,POINT(1 2)\n", ["--crs", "https://example.org/4490"], "is not known"),
}


def put(tmp_path, name, content):
    (tmp_path / name.split("/")[0]).write_bytes(content)
    return tmp_path / name


@pytest.mark.parametrize("name", READ)
def test_it_is_read_right(tmp_path, name):
    content, options, expected = READ[name]
    code, said = look(put(tmp_path, name, content), *options)
    assert code in (0, 2) and all(e in said for e in expected), said


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_what_to_do(tmp_path, name):
    content, options, expected = REFUSED[name]
    code, said = look(put(tmp_path, name, content), *options)
    assert expected in said, said
