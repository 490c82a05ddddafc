"""The samples against what their sources say: areas, wards, trees."""
import collections
import csv
import gzip
import hashlib
import json
import subprocess

import pytest
from pyproj import Geod, Transformer
from shapely.geometry import shape

from harness import ROOT
from test_rights import make


def cells(server, scheme, level, root):
    leader = server.session("leader")
    leader.headers["Accept"] = "application/geo+json"
    return leader.get(server.base + f"/api/v1/cells?level={level}&within=code:{scheme}:{root}&limit=1000").json()["features"]


def psql(server, query):
    return subprocess.run(["psql", server.database, "-XqAt", "-v", "ON_ERROR_STOP=1"], input=query, capture_output=True, text=True, check=True).stdout


def test_chicagos_areas_equal_the_published_ones(server):
    """In the city's own EPSG:3435 (feet), from the vertices as stored; and geodesic, by GeographicLib's algorithm in PROJ."""
    out = subprocess.run(["/usr/bin/ogr2ogr", "-f", "CSV", "/vsistdout/", ROOT / "tests/data/awkward/crs-raw/chicago_community_areas_portal.shp",
                          "-select", "area_numbe,shape_area"], capture_output=True, text=True, check=True).stdout
    published = {row["area_numbe"]: float(row["shape_area"]) for row in csv.DictReader(out.splitlines())}
    rows = psql(server, "select k.code, ST_AsText(s.geom, 17), s.area_m2 from cell_shape s join cell_code k using (cell_id) join cell c on c.id = k.cell_id "
                        "where k.scheme = 'chicago' and c.level = 2").splitlines()
    assert len(rows) == 77
    to_feet = Transformer.from_crs("EPSG:4326", "EPSG:3435", always_xy=True)
    geod = Geod(a=6378137, rf=298.257222101)
    from shapely import wkt
    from shapely.ops import transform
    for row in rows:
        code, text, area = row.split("|")
        g = wkt.loads(text)
        assert abs(geod.geometry_area_perimeter(shape(g.__geo_interface__))[0]) == pytest.approx(float(area), rel=1e-6), code
        assert transform(to_feet.transform, g).area == pytest.approx(published[code], rel=1e-9), code


def test_every_located_record_of_toronto_falls_in_the_ward_that_the_city_recorded(server):
    rows = [r for r in csv.DictReader(gzip.open(ROOT / "geodata/toronto/fire_inspections.csv.gz", "rt")) if r["latitude"]]
    assert len(rows) == 27402
    values = ",".join(f"({i},{r['longitude']},{r['latitude']})" for i, r in enumerate(rows))
    answer = psql(server, "create temp table spot as select n::bigint as id, date '2018-06-01' as day, ST_SetSRID(ST_MakePoint(x, y), 4490) as point from (values "
                          f"{values}) v (n, x, y); select a.id || ' ' || k.code from cells_at((select id from district where scheme = 'toronto')) a join cell_code k using (cell_id)")
    ward = dict(line.split() for line in answer.splitlines())
    assert [i for i, r in enumerate(rows) if ward.get(str(i)) != r["ward_recorded"]] == []


def test_torontos_hazards_are_those_with_a_violation(server):
    leader = server.session("leader")
    query = {"within": "code:toronto:toronto", "level": "village", "from": "2017-01-01", "to": "2020-02-01", "measures": "hazard_density,open_hazard_density"}
    answer = leader.get(server.base + "/api/v1/figures", params=query).json()
    counted = {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in answer["rows"]}
    rows = [r for r in csv.DictReader(gzip.open(ROOT / "geodata/toronto/fire_inspections.csv.gz", "rt")) if r["violation_code"]]
    expected = collections.Counter(r["ward_recorded"] for r in rows if r["latitude"])
    located = sum(counted.values())
    # A building straddles no ward, so naming it and its point agree; the row without a point counts by its building, if at all.
    assert len(rows) == 20648 and located + answer["unplaced"]["figures"]["hazard_density"]["numerator"] == 20648
    assert sum(abs(counted[w] - expected[w]) for w in expected) <= 1
    open_at_end = sum(1 for r in rows if not r["closed"] or r["closed"] >= "2020-02-01")
    assert sum(r["figures"]["open_hazard_density"]["numerator"] for r in answer["rows"]) + answer["unplaced"]["figures"]["open_hazard_density"]["numerator"] == open_at_end


def test_an_import_is_one_row_of_the_trail(server):
    """Its files by checksum, and for each table how many rows and from which key to which."""
    trail = make(server, "import-auditor", "auditor").get(server.base + "/api/v1/audit", params={"district": server.district("toronto"), "entity": "file", "limit": 1000}).json()["items"]
    [row] = [t for t in trail if t["action"] == "import"]
    known = dict(reversed(line.split()) for line in (ROOT / "geodata/toronto/SHA256SUMS").read_text().splitlines())
    said = {f["name"]: f["sha256"] for f in row["after"]["files"]}
    assert said == {**known, "recipe.toml": hashlib.sha256((ROOT / "geodata/toronto/recipe.toml").read_bytes()).hexdigest()}
    tables = {t["table"]: t for t in row["after"]["tables"]}
    assert (tables["hazard"]["added"], tables["enterprise"]["added"], tables["village"]["added"]) == (20648, 2711, 25)
    ids = psql(server, f"select external_id from hazard where district_id = {server.district('toronto')} and external_id is not null and upper_inf(recorded)").splitlines()
    assert (tables["hazard"]["first_key"], tables["hazard"]["last_key"]) == (min(ids, key=str.encode), max(ids, key=str.encode))


def test_tianjins_districts_are_where_they_are(server):
    """GCJ-02 is converted once: the area agrees with the source's 12,231 km2, and a point of 和平区 in CGCS2000 is found there."""
    total = float(psql(server, "select sum(s.area_m2) / 1e6 from cell_shape s join cell c on c.district_id = s.district_id and c.id = s.cell_id join district d on d.id = c.district_id "
                               "where d.scheme = 'cn-stat' and c.level = 1"))
    assert total == pytest.approx(12231, rel=2e-3)
    leader = server.session("leader")
    chain = leader.get(server.base + "/api/v1/locate", params={"lon": 117.1888, "lat": 39.1235}).json()["chain"]  # 117.195, 39.1245 on an internet map
    assert [c["cell"]["name"] for c in chain] == ["和平区"]
    towns = leader.get(server.base + "/api/v1/cells", params={"within": "code:cn-stat:120110000000", "level": "town", "limit": 1000}).json()["items"]
    assert {"街道", "工业区"} <= {t["kind"] for t in towns}
    figure = leader.get(server.base + "/api/v1/figures", params={"within": "code:cn-stat:120110000000", "level": "town", "from": "2024-01-01", "to": "2025-01-01",
                                                                  "measures": "hazard_density"}).json()["rows"][0]["figures"]["hazard_density"]
    assert figure["value"] is None and figure["reason"] == "no_area"


def test_the_second_edition_of_tianjin_lists_and_never_guesses(server):
    binary = ROOT / "build/release/gridward"
    done = subprocess.run([binary, "import", "--database", server.database, ROOT / "geodata/tianjin/recipe-2023.toml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "renamed 120106012000: 和苑街道办事处 -> 和苑街道" in done.stdout and "recoded" in done.stdout
    leader = server.session("leader")
    def towns(day):
        n = collections.Counter()
        for code in json.loads(psql(server, "select json_agg(distinct code) from cell_code k join cell c on c.id = k.cell_id where scheme = 'cn-stat' and level = 1")):
            n[code] = len(leader.get(server.base + "/api/v1/cells", params={"within": f"code:cn-stat:{code}", "level": "town", "at": day, "limit": 1000}).json()["items"])
        return sum(n.values())
    assert (towns("2020-01-01"), towns("2024-01-01")) == (301, 299)
    old = leader.get(server.base + "/api/v1/cells/code:cn-stat:120106012000", params={"at": "2020-01-01"}).json()
    new = leader.get(server.base + "/api/v1/cells/code:cn-stat:120106012000", params={"at": "2024-01-01"}).json()
    assert (old["name"], new["name"]) == ("和苑街道办事处", "和苑街道") and old["id"] != new["id"]
    same = [leader.get(server.base + "/api/v1/cells/code:cn-stat:120101001000", params={"at": d}).json()["id"] for d in ("2020-01-01", "2024-01-01")]
    assert same[0] == same[1]


def test_the_snapshot_places_points_as_postgis_does(server):
    done = subprocess.run([ROOT / "build/release/gridward", "check", "places", "--database", server.database, "--random", "50000", "--border", "10000"], capture_output=True, text=True)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" 0 placed otherwise") >= 4 and "chicago): 60000 points" in done.stdout
