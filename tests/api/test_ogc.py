"""OGC API: Features: what a client that knows only the standard finds, GDAL among them."""
import json
import subprocess

import pytest
from shapely.geometry import box, shape

from test_rights import make

LEVELS = {"districts": "district", "towns": "town", "villages": "village", "enterprises": "enterprise"}


@pytest.fixture(scope="module")
def leader(server):
    return server.session("leader")


def get(session, address, status=200, **params):
    answer = session.get(address, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


def link(document, rel):
    return next((l["href"] for l in document["links"] if l["rel"] == rel), None)


def test_everything_is_found_by_links_from_the_first_page(server, leader):
    landing = get(leader, server.base + "/ogc")
    assert get(leader, link(landing, "conformance"))["conformsTo"] == [f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson")]
    assert leader.get(link(landing, "service-desc")).json()["openapi"].startswith("3.0")
    assert leader.get(link(landing, "service-doc")).status_code == 200
    collections = get(leader, link(landing, "data"))["collections"]
    assert [c["id"] for c in collections] == list(LEVELS)
    for c in collections:
        assert get(leader, link(c, "self")) == c
        page = get(leader, link(c, "items"), limit=3)
        assert page["numberReturned"] == len(page["features"]) == 3
        feature = page["features"][0]
        alone = get(leader, f"{server.base}/ogc/collections/{c['id']}/items/{feature['id']}")
        assert {k: v for k, v in alone.items() if k != "links"} == feature and feature["properties"]["level"] == LEVELS[c["id"]]


def test_pages_make_the_whole_in_a_box_and_on_a_day(server, leader):
    asked = {"bbox": "-87.7,41.8,-87.6,41.9", "datetime": "2015-01-01T00:00:00+08:00/2015-06-01"}
    address, found = server.base + "/ogc/collections/villages/items", []
    page = get(leader, address, limit=40, **asked)
    while page:
        assert len(page["features"]) <= 40
        found += page["features"]
        page = get(leader, link(page, "next")) if link(page, "next") else None
    whole = [f for f in get(leader, address, limit=100_000, datetime="2015-06-01")["features"] if f["geometry"]]
    window = box(-87.7, 41.8, -87.6, 41.9)
    ids = [f["id"] for f in found]
    assert ids == sorted(set(ids)) and len(ids) > 100
    assert set(ids) == {f["id"] for f in whole if window.intersects(shape(f["geometry"]).envelope)}


def test_the_map_of_another_day_is_another(server, leader):
    own = server.district("sim-990101")
    sea = next(f for f in get(leader, server.base + "/ogc/collections/districts/items")["features"] if f["properties"]["district"] == own)
    district_box = ",".join(map(str, shape(sea["geometry"]).bounds))
    then, now = ({f["properties"]["code"] for f in get(leader, server.base + "/ogc/collections/villages/items", bbox=district_box, limit=1000, datetime=day)["features"]} for day in ("2023-06-01", "../.."))
    assert then and now and then != now  # 示范区 merged villages


def test_what_is_not_there_is_told(server, leader):
    assert "districts, towns" in get(leader, server.base + "/ogc/collections/hamlets", status=404)["detail"]
    village = get(leader, server.base + "/ogc/collections/villages/items", limit=1)["features"][0]["id"]
    get(leader, f"{server.base}/ogc/collections/towns/items/{village}", status=404)
    get(leader, server.base + "/ogc/collections/towns/items", status=400, bbox="1,2,3")
    get(leader, server.base + "/ogc/collections/towns/items", status=400, colour="red")


def test_only_the_own_subtree_is_seen(server):
    coordinator = server.session("coordinator")
    town = get(coordinator, server.base + "/api/v1/cells/code:chicago:32")
    who = make(server, "ogc-loop", "viewer", district=town["district"], cell=town["id"])
    villages = get(who, server.base + "/ogc/collections/villages/items", limit=1000)["features"]
    assert villages and {f["properties"]["parent"] for f in villages} == {town["id"]}
    assert get(who, f"{server.base}/ogc/collections/districts/items")["features"] == []


def test_gdal_reads_it_with_a_token_as_password(server, leader, tmp_path):
    token = leader.post(server.base + "/api/v1/tokens", json={"label": "QGIS", "days": 1}).json()["token"]
    told = subprocess.run(["ogr2ogr", "-f", "GeoJSON", tmp_path / "towns.json", f"OAPIF:{server.base}/ogc", "towns", "-spat", "-88", "41", "-87", "42.1"], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "GDAL_HTTP_USERPWD": f"key:{token}", "GDAL_HTTP_AUTH": "BASIC"})
    assert told.returncode == 0, told.stderr
    towns = json.loads((tmp_path / "towns.json").read_text())["features"]
    assert len(towns) == 77 and all(shape(f["geometry"]).is_valid for f in towns)  # Chicago's community areas
    page = get(leader, server.base + "/ogc/collections/towns/items", key=token, limit=1)
    assert token not in json.dumps(page)
