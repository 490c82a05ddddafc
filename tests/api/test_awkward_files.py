"""Every awkward file is read right or refused with a message that says what to do; none crashes (tests/data/awkward/SOURCE.md)."""
import subprocess

import pytest

from harness import ROOT

FILES = ROOT / "tests/data/awkward"


def look(name, *options):
    done = subprocess.run([ROOT / "build/release/gridward", "import", *options, FILES / name], capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1, 2), f"{name} ended with {done.returncode}"
    return done.returncode, done.stdout + done.stderr


READ = [("encoding/tianjin_gbk_cpg.shp", [], "名称 = 和平区", "16 MULTIPOLYGON"), ("encoding/tianjin_gbk_ldid77.shp", [], "名称 = 和平区", "16 MULTIPOLYGON"),
        ("encoding/tianjin_utf8.shp", [], "名称 = 和平区", "16 MULTIPOLYGON"),
        ("encoding/tianjin_gbk_nocpg_noprj.shp", ["--crs", "EPSG:4490", "--encoding", "GBK"], "名称 = 和平区", "16 MULTIPOLYGON"),
        ("encoding/gbk.dbf", ["--encoding", "GBK"], "NAME = ", "1 rows"), ("encoding/utf8.dbf", [], "国语國語", "1 rows"), ("encoding/gre.shp", [], "Grenada", "1 MULTIPOLYGON"),
        ("encoding/big5.shp", ["--crs", "EPSG:4326"], "", "rows"), ("encoding/duplicate_fields.dbf", [], "geoid = 15003980600", "5 rows"),
        ("crs/tianjin_epsg4490.shp", ["--crs", "GCJ-02"], "和平区", "16 MULTIPOLYGON"), ("crs/tianjin_epsg4528.shp", [], "和平区", "16 MULTIPOLYGON"),
        ("crs/tianjin_epsg4549.shp", [], "和平区", "16 MULTIPOLYGON"), ("crs/e_merc.shp", [], "Staten Island", "1 MULTIPOLYGON"), ("crs/c_utm.shp", ["--crs", "EPSG:26718"], "", "rows"),
        ("crs-raw/PoliceDistrict.shp", [], "18TH", "27 MULTIPOLYGON"), ("crs-raw/chicago_community_areas_portal.shp", [], "DOUGLAS", "77 MULTIPOLYGON"),
        ("flatgeobuf/poly00.fgb", [], "EAS_ID = 158", "10 MULTIPOLYGON"), ("flatgeobuf/empty.fgb", [], "", "0 rows"), ("formats/chicago_ward.fgb", [], "", "50 MULTIPOLYGON"),
        ("formats/chicago_police_districts.kml", [], "District 17", "25 MULTIPOLYGON"), ("formats/toronto_wards.gml.gz", [], "Don Valley East", "25 MULTIPOLYGON"),
        ("formats/toronto_wards_wkt.csv.gz", ["--crs", "EPSG:4326"], "", "25 MULTIPOLYGON"), ("formats/toronto_wards.dxf", ["--crs", "EPSG:4326"], "", "25 MULTIPOLYGON"),
        ("formats/zh_streets.tab", [], "東區", "29 MULTIPOLYGON"), ("formats/zh_streets_3d.geojson", [], "東區", "29 MULTIPOLYGON"), ("formats/zh_streets_zm.shp", [], "東區", "29 MULTIPOLYGON"),
        ("geopackage/Oregon_customCRS.gpkg", [], "Oregon", "1 MULTIPOLYGON"), ("geopackage/mixed_crs.gpkg", ["--layer", "oregon_2269"], "", "1 MULTIPOLYGON"),
        ("geopackage/null_crs_gdal.gpkg", ["--crs", "EPSG:4326"], "", "rows"), ("invalid/uk_invalid.geojson", ["--repair"], "", "9 repaired"),
        ("null-empty/null.shp", [], "", "5 POINT 4 none"), ("null-empty/empty.shp", [], "", "0 rows"), ("null-empty/utf8-property.shp", [], "☃ = ηελλο ςορλδ", "1 POINT"),
        ("zip/points.zip", [], "United States", "295 POINT"), ("csv/wkt.csv", ["--crs", "EPSG:4326"], "Kevin", "3 POINT"), ("curves/curves_line.csv", ["--crs", "EPSG:4326"], "", "LINESTRING"),
        ("curves/multicurve.gml", ["--crs", "EPSG:4326"], "", "rows"), ("filegdb/testopenfilegdb.gdb.zip", ["--layer", "polygon", "--crs", "EPSG:4326"], "", "rows"),
        ("zm/pointm.shp", ["--crs", "EPSG:4326"], "", "3 "), ("zm/multipointm.shp", ["--crs", "EPSG:4326"], "", "1 "), ("zm/polygonm.shp", ["--crs", "EPSG:4326"], "", "1 "),
        ("broken/data_corruption_error.shp", [], "", "8 LINESTRING")]
REFUSED = [("encoding/tianjin_gbk_nocpg_noprj.shp", ["--encoding", "GBK"], "give crs"), ("encoding/tianjin_gbk_nocpg_noprj.shp", ["--crs", "EPSG:4490"], "GBK it reads \"和平区\""), ("encoding/gbk.dbf", [], "GBK it reads \"简体国语\""),
           ("crs/gauss_kruger.shp", [], "seven parameters"), ("crs/c_utm.shp", [], "give crs"), ("crs/tianjin_epsg4490.shp", ["--crs", "EPSG:99"], "is not known"),
           ("geopackage/mixed_crs.gpkg", [], "oregon_2269, oregon_4326"), ("geopackage/null_crs_gdal.gpkg", [], "give crs"), ("filegdb/testopenfilegdb.gdb.zip", [], "name one with layer"),
           ("geopackage/mixed_crs.gpkg", ["--layer", "x"], "no layer \"x\""), ("invalid/uk_invalid.geojson", [], "not valid"), ("broken/openring.json", [], "not valid"),
           ("broken/ex2.json", [], "is the CRS right?"), ("broken/invalid_coordinates.shp", [], "is the CRS right?"), ("SOURCE.md", [], "cannot be read")]


@pytest.mark.parametrize("name, options, text, counts", READ, ids=lambda v: v if isinstance(v, str) else None)
def test_it_is_read_right(name, options, text, counts):
    code, said = look(name, *options)
    assert text in said and counts in said and code in (0, 2), said


@pytest.mark.parametrize("name, options, text", REFUSED, ids=lambda v: v if isinstance(v, str) else None)
def test_it_is_refused_with_what_to_do(name, options, text):
    code, said = look(name, *options)
    assert code != 0 and text in said, said


def test_no_file_is_touched_or_crashes():
    known = sorted((p, p.stat().st_size) for p in FILES.rglob("*"))
    for path in FILES.rglob("*"):
        if path.is_file():
            look(path.relative_to(FILES))
    assert sorted((p, p.stat().st_size) for p in FILES.rglob("*")) == known
