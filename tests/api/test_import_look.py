"""A file is looked at before it is imported: its columns with samples, and what had to be assumed."""
from harness import ROOT
from test_transfers import archive, sheet

AWKWARD = ROOT / "tests/data/awkward"


def look(session, server, files, **how):
    return session.post(server.base + "/api/v1/imports/look", params=how, data=archive(files), headers={"Content-Type": "application/zip"})


def test_tables_and_maps_are_looked_at(server, tmp_path):
    me = server.session("coordinator")
    seen = look(me, server, {"table.xlsx": sheet(tmp_path, [("A1", "甲厂", "化工", 117.01, 30.05), ("A2", "乙厂", "纺织", 117.02, 30.05)])}).json()
    assert seen["columns"] == ["编号", "名称", "行业", "经度", "纬度"] and seen["rows"] == 2 and seen["samples"][0][:3] == ["A1", "甲厂", "化工"]
    assert (seen["file"], seen["layers"], seen["geometry"], seen["encoding"], seen["crs"]) == ("table.xlsx", [], None, None, None)
    text = look(me, server, {"table.csv": "编号,名称\nA1,甲厂\n".encode("gbk")}).json()
    assert text["encoding"] == "GBK" and text["columns"] == ["编号", "名称"] and text["samples"] == [["A1", "甲厂"]]
    assert look(me, server, {"table.csv": "企业名单\n编号,名称\nA1,甲厂\n".encode()}, header=2).json()["columns"] == ["编号", "名称"]


def test_a_shapefile_that_says_neither_encoding_nor_system(server):
    me, stem = server.session("coordinator"), AWKWARD / "encoding/tianjin_gbk_nocpg_noprj.shp"
    parts = {f"x{suffix}": stem.with_suffix(suffix).read_bytes() for suffix in (".shp", ".shx", ".dbf")}
    for files in (parts, {"table.zip": archive(parts)}):
        shapes = look(me, server, files).json()
        assert (shapes["geometry"], shapes["encoding"], shapes["crs"], shapes["rows"]) == ("MULTIPOLYGON", "GBK", "EPSG:4490", 16) and "和平区" in shapes["samples"][0]
    named = {**parts, "x.cpg": b"GBK", "x.prj": stem.with_name("tianjin_gbk_cpg.prj").read_bytes()}
    assert [look(me, server, named).json()[key] for key in ("encoding", "crs")] == [None, None]


def test_one_of_several_layers_is_to_be_chosen(server):
    me, files = server.session("coordinator"), {"table.gpkg": (AWKWARD / "geopackage/mixed_crs.gpkg").read_bytes()}
    both = look(me, server, files).json()
    assert both["layers"] == ["oregon_2269", "oregon_4326"] and both["columns"] == []
    one = look(me, server, files, layer="oregon_2269").json()
    assert one["layers"] == [] and one["geometry"] == "MULTIPOLYGON" and one["columns"]


def test_what_cannot_be_looked_at_is_refused_with_what_to_do(server):
    me = server.session("coordinator")
    for files, said in (({"a.csv": b"x,y\n1,2\n", "b.csv": b"x,y\n1,2\n"}, "one file"), ({"a.xlsx": b"<html><table></table>"}, "save it as .xlsx"), ({"a.vrt": b"<OGRVRTDataSource/>"}, "cannot be read")):
        refused = look(me, server, files)
        assert refused.status_code == 400 and said in refused.json()["detail"], refused.text
    assert look(server.session("leader"), server, {"a.csv": b"x,y\n1,2\n"}).status_code == 403
