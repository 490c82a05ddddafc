"""Vector tiles: shapes against shapely and GDAL, an independent decoder, versions, rights."""
import collections
import math
import subprocess

import pytest
import shapely.geometry

import mvt
from own_map import bounds_of, box as demo_box, leader, server  # noqa: F401
from test_rights import make

LAYERS = {"districts": "district", "towns": "town", "villages": "village"}
YEAR = {"from": "2014-01-01", "to": "2015-01-01"}
BUFFER, EXTENT = 64, 4096


def tile_of(zoom, lon, lat):
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * 2 ** zoom), int(y * 2 ** zoom)


def tiles_in(bounds, zoom):
    west, south, east, north = bounds
    (x0, y0), (x1, y1) = tile_of(zoom, west, north), tile_of(zoom, east, south)
    return [(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)]


def get(session, server, layer, zoom, x, y, datum="", **query):
    answer = session.get(server.base + f"/tiles/{datum}{layer}/{zoom}/{x}/{y}.mvt", params=query)
    assert answer.status_code in (200, 204), answer.text
    return mvt.read(answer.content)[layer].features if answer.status_code == 200 else []


def describe(session, server, layer, datum="", **query):
    answer = session.get(server.base + f"/tiles/{datum}{layer}.json", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def edges(features, inside):
    """How many rings draw each edge whose ends both satisfy `inside`."""
    seen = collections.Counter()
    for f in features:
        for polygon in f.polygons:
            for ring in polygon:
                for a, b in zip(ring, ring[1:] + ring[:1]):
                    if inside(a) and inside(b):
                        seen[min(a, b), max(a, b)] += 1
    return seen


@pytest.mark.parametrize("scheme", ["sim-990101", "chicago", "toronto"])
def test_no_ring_is_invalid_and_neighbours_share_every_border(server, leader, scheme):
    box = bounds_of(server, leader, scheme)
    district = server.district(scheme)
    alone = 0
    for zoom in range(6, 17, 2):
        tiles = tiles_in(box, zoom)
        for x, y in tiles[::max(1, len(tiles) // 12)]:
            features = get(leader, server, "villages", zoom, x, y)
            for f in features:
                assert f.id == f.tags["id"] and f.tags["level"] == "village"
                for shell, *holes in f.polygons:
                    assert shapely.geometry.Polygon(shell, holes).is_valid, (zoom, x, y, f.id)
                    assert all(-BUFFER <= min(p) and max(p) <= EXTENT + BUFFER for p in shell)
            # An edge belongs to two villages, or to the outer border of all.
            inside = lambda p: -BUFFER < min(p) and max(p) < EXTENT + BUFFER  # noqa: E731
            seen = edges(features, inside)
            assert not [e for e, n in seen.items() if n > 2], (zoom, x, y)
            outline = shapely.geometry.MultiPolygon([shapely.geometry.Polygon(s, h) for f in features for s, *h in f.polygons]).buffer(0) if features else None
            for (a, b), n in seen.items():
                if n == 1 and not outline.boundary.buffer(1e-6).contains(shapely.geometry.LineString([a, b])):
                    alone += 1
                    print(scheme, zoom, x, y, a, b)
    assert alone == 0 and district


def test_a_tile_shows_what_the_map_has(server, leader, demo_box):
    """Each village at its place, against its shape as GeoJSON; each with the area that it has there."""
    def world(lon, lat):
        return (lon + 180) / 360, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    zoom, shown = 15, 0
    x, y = tile_of(zoom, (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2)
    frame = shapely.geometry.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    for f in get(leader, server, "villages", zoom, x, y):
        cell = leader.get(server.base + f"/api/v1/cells/{f.id}", params={"format": "geojson"}).json()
        assert f.tags["name"] == cell["properties"]["name"] and f.tags["code"] == cell["properties"]["code"] and f.tags["kind"] == cell["properties"]["kind"]
        moved = [[[((world(*p)[0] * 2 ** zoom - x) * EXTENT, (world(*p)[1] * 2 ** zoom - y) * EXTENT) for p in ring] for ring in polygon] for polygon in cell["geometry"]["coordinates"]]
        real = shapely.geometry.MultiPolygon([shapely.geometry.Polygon(s, h) for s, *h in moved]).intersection(frame)
        drawn = shapely.geometry.MultiPolygon([shapely.geometry.Polygon(s, h) for s, *h in f.polygons])
        # A border is never further from where it is than the tolerance and the rounding.
        assert real.symmetric_difference(drawn).buffer(-4.8).is_empty, f.tags["name"]
        shown += 1
    assert shown > 1


def test_tiles_agree_along_their_seam(server, leader, demo_box):
    """What two tiles both draw, in their buffers, has the same vertices."""
    for zoom in (10, 13, 16, 19):
        x, y = tile_of(zoom, (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2)
        strip = lambda features, shift: {(px + shift, py) for f in features for s in f.polygons for ring in s for px, py in ring  # noqa: E731
                                         if EXTENT - BUFFER < px + shift < EXTENT + BUFFER and 0 < py < EXTENT}
        assert strip(get(leader, server, "villages", zoom, x, y), 0) == strip(get(leader, server, "villages", zoom, x + 1, y), EXTENT), zoom


def test_gdal_reads_them(server, leader, demo_box, tmp_path):
    for layer in LAYERS:
        zoom = 11
        x, y = tile_of(zoom, (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2)
        answer = leader.get(server.base + f"/tiles/{layer}/{zoom}/{x}/{y}.mvt", params={"from": "2025-01-01", "to": "2025-07-01", "measures": "hazard_density"})
        (tmp_path / "tile.mvt").write_bytes(answer.content)
        said = subprocess.run(["ogrinfo", "-al", "-so", f"MVT:{tmp_path}/tile.mvt"], capture_output=True, text=True, check=True)
        assert "Warning" not in said.stderr and f"Layer name: {layer}" in said.stdout and "hazard_density_n" in said.stdout, said
        valid = subprocess.run(["ogrinfo", "-q", "-dialect", "SQLite", "-sql", f"select count(*) as n, sum(ST_IsValid(geometry)) as valid from {layer}", f"MVT:{tmp_path}/tile.mvt"],
                               capture_output=True, text=True, check=True).stdout
        n, good = [int(line.split("=")[1]) for line in valid.splitlines() if "(Integer" in line]
        assert n == good > 0


def test_figures_are_joined_and_map_plus_off_map_is_the_district(server, leader):
    box = bounds_of(server, leader, "chicago")
    district = next(d for d in leader.get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == "chicago")
    ask = {**YEAR, "measures": "hazard_density,inspection_coverage"}
    rows = {r["cell"]["id"]: r["figures"] for r in leader.get(server.base + "/api/v1/figures", params={**ask, "within": "code:chicago:chicago", "level": "town"}).json()["rows"]}
    whole = leader.get(server.base + "/api/v1/figures", params={**ask, "within": "code:chicago:chicago", "level": "district"}).json()["rows"][0]["figures"]
    seen = {}
    for x, y in tiles_in(box, 9):
        for f in get(leader, server, "towns", 9, x, y, **ask):
            seen[f.id] = f.tags
    assert set(seen) == set(rows)
    for cell, tags in seen.items():
        for m, figure in rows[cell].items():
            assert tags.get(m) == figure["value"] and tags[m + "_n"] == figure["numerator"] and tags.get(m + "_d") == figure["denominator"]
            assert tags.get(m + "_low") == figure["low"] and tags.get(m + "_high") == figure["high"] and tags.get(m + "_reason") == figure["reason"]
    unplaced = leader.get(server.base + "/api/v1/figures", params={**ask, "within": "code:chicago:chicago", "level": "town"}).json()["unplaced"]["figures"]
    for off in describe(leader, server, "towns", **ask)["off_map"]:
        if off["district"] == district["id"]:
            m = off["measure"]
            assert off["on_map"] == sum(tags[m + "_n"] for tags in seen.values())
            assert off["on_map"] + off["off_map"] == whole[m]["numerator"] + unplaced[m]["numerator"]


def test_the_map_of_another_day(server, leader, demo_box):
    """示范区 merged villages last year: the map of the day before has them apart."""
    names = lambda **query: {f.tags["name"] for x, y in tiles_in(demo_box, 10) for f in get(leader, server, "villages", 10, x, y, **query)}  # noqa: E731
    today, before = names(), names(at="2024-01-02")
    assert before - today, "a village that is no more"
    assert names(**{"from": "2023-06-01", "to": "2024-01-03"}) == before, "the last day of the window is the map's"
    assert names(**{"from": "2023-06-01", "to": "2024-01-03", "mode": "as_is", "measures": "hazard_density"}) == today


def test_a_write_makes_new_only_what_it_touches(server, leader, demo_box):
    office = server.session("coordinator")
    chicago, demo = bounds_of(server, leader, "chicago"), demo_box
    address = lambda layer, box, zoom=12: server.base + "/tiles/{}/{}/{}/{}.mvt".format(layer, zoom, *tile_of(zoom, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2))  # noqa: E731
    joined = {"measures": "hazard_density", "from": "2018-01-01", "to": "2018-02-01"}
    asked = [(address("villages", chicago), {}), (address("villages", chicago), joined), (address("villages", demo), {}), (address("villages", demo), joined)]
    before = [leader.get(url, params=query) for url, query in asked]
    x, y = tile_of(12, (chicago[0] + chicago[2]) / 2, (chicago[1] + chicago[3]) / 2)
    counted = lambda: sum(f.tags["hazard_density_n"] for f in get(leader, server, "villages", 12, x, y, **joined))  # noqa: E731
    lon, lat = (chicago[0] + chicago[2]) / 2, (chicago[1] + chicago[3]) / 2
    n = counted()
    made = office.post(server.base + "/api/v1/hazards", json={"id": "0a711e00-0000-4000-8000-000000000001", "district": server.district(), "day": "2018-01-15", "source": "patrol", "grade": "general", "lon": lon, "lat": lat})
    assert made.status_code == 201
    again = [leader.get(url, params=query, headers={"If-None-Match": old.headers["ETag"]}) for (url, query), old in zip(asked, before)]
    assert [a.status_code for a in again] == [304, 200, 304, 304], "a hazard changes the figures of its district, no map and no other district"
    assert counted() == n + 1
    assert before[0].headers["ETag"] == office.get(asked[0][0]).headers["ETag"], "who may see the same shares a tile"


def test_a_tile_shows_only_the_subtree(server, leader):
    loop = leader.get(server.base + "/api/v1/cells/code:chicago:32").json()
    me = make(server, "tile-viewer", "viewer", district=server.district(), cell=loop["id"])
    box = bounds_of(server, leader, "chicago")
    tiles = tiles_in(box, 10)
    everything = {f.id for x, y in tiles for f in get(leader, server, "villages", 10, x, y)}
    mine = {f.id for x, y in tiles for f in get(me, server, "villages", 10, x, y)}
    within = {c["id"] for c in leader.get(server.base + "/api/v1/cells", params={"within": "code:chicago:32", "level": "village", "limit": 1000}).json()["items"]}
    assert mine == within < everything
    assert {f.id for x, y in tiles for f in get(me, server, "towns", 10, x, y)} == {loop["id"]}
    assert not any(get(me, server, "districts", 10, x, y) for x, y in tiles)
    bounds = describe(me, server, "villages")["bounds"]
    assert box[0] < bounds[0] < bounds[2] < box[2]
    ask = {**YEAR, "measures": "hazard_density"}
    off, = describe(me, server, "towns", **ask)["off_map"]
    row, = leader.get(server.base + "/api/v1/figures", params={**ask, "within": "code:chicago:32", "level": "town"}).json()["rows"]
    assert off["on_map"] == row["figures"]["hazard_density"]["numerator"] and off["off_map"] == 0


@pytest.mark.parametrize("layer,kind", [("hazards", "hazards"), ("inspections", "inspections"), ("enterprises", "enterprises")])
def test_points_stand_where_they_are_and_add_up_when_counted_together(server, leader, layer, kind):
    """Against the lists: each point in its place from zoom 14, and below it no point is lost or told twice."""
    scheme, window = ("chicago", {"from": "2014-03-01", "to": "2014-03-08"}) if layer != "enterprises" else ("sim-990101", {})
    box = bounds_of(server, leader, scheme)
    root = {"chicago": "chicago", "sim-990101": "990101000000"}[scheme]
    listed, after = {}, None
    while True:
        page = leader.get(server.base + f"/api/v1/{kind}", params={"cell": f"code:{scheme}:{root}", "limit": 1000, **window, **({"after": after} if after else {})}).json()
        listed.update({i["id"]: i for i in page["items"] if i["lon"] is not None and box[0] <= i["lon"] <= box[2] and box[1] <= i["lat"] <= box[3]})
        after = page["next"]
        if not after:
            break
    assert len(listed) > 50
    some = list(listed.values())[::max(1, len(listed) // 15)]
    for item in some:
        x, y = tile_of(16, item["lon"], item["lat"])
        f, = [f for f in get(leader, server, layer, 16, x, y, **window) if f.tags["id"] == item["id"]]
        (at,), _ = f.parts[0]
        wx, wy = (item["lon"] + 180) / 360 * 2 ** 16 - x, (1 - math.asinh(math.tan(math.radians(item["lat"]))) / math.pi) / 2 * 2 ** 16 - y
        assert abs(at[0] - wx * EXTENT) <= 0.51 and abs(at[1] - wy * EXTENT) <= 0.51 and "aggregated" not in f.tags and f.tags["n"] == 1
        for name in ("day", "source", "grade", "category", "result", "outcome", "name", "code", "industry", "risk_grade"):
            if name in item:
                assert f.tags.get(name) == item[name], name
    for zoom in (8, 11, 14):
        total = 0
        for x, y in tiles_in(box, zoom):
            for f in get(leader, server, layer, zoom, x, y, **window):
                (at,), _ = f.parts[0]
                assert ("aggregated" in f.tags) == (zoom < 14)
                total += f.tags["n"] if 0 <= at[0] < EXTENT and 0 <= at[1] < EXTENT else 0
        # On the edge of a tile a point is drawn by both: rounding puts it on the last unit of one and the first of the next.
        assert total == len(listed), zoom


def test_points_of_a_tile_are_filtered(server, leader):
    box = bounds_of(server, leader, "sim-990101")
    x, y = tile_of(9, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

    def count(name="n", **query):
        """Over all tiles: a square that lies in two is drawn where its points are on average, which a filter moves from one to the other."""
        drawn = [f for i, j in tiles_in(box, 9) for f in get(leader, server, "hazards", 9, i, j, **query)]
        return sum(f.tags[name] for f in drawn if all(0 <= u < EXTENT for u in f.parts[0][0][0]))

    year = {"from": "2024-06-01", "to": "2025-06-01"}
    assert count(**year, grade="major") == count("n_major", **year) < count(**year)
    assert sum(count(**year, source=s) for s in ("self_check", "patrol", "inspection", "public_report", "other")) == count(**year)
    assert count(open_at="2025-06-01") == count("n_open", open_at="2025-06-01") > 0
    one = {"measures": "open_hazard_density", "from": "2025-05-01", "to": "2025-06-01"}
    assert count(open_at="2025-05-31") <= sum(f.tags["open_hazard_density_n"] for f in get(leader, server, "districts", 9, x, y, **one)), "what has no place is not on the map"


def test_points_of_a_subtree(server, leader):
    loop = leader.get(server.base + "/api/v1/cells/code:chicago:32").json()
    me = make(server, "tile-viewer", "viewer", district=server.district(), cell=loop["id"])
    window = {"from": "2014-03-01", "to": "2014-04-01"}
    listed = {i["id"]: i for i in leader.get(server.base + "/api/v1/hazards", params={"cell": "code:chicago:32", "limit": 1000, **window}).json()["items"] if i["lon"] is not None}
    box = bounds_of(server, leader, "chicago")
    seen = sum(f.tags["n"] for x, y in tiles_in(box, 7) for f in get(me, server, "hazards", 7, x, y, **window))
    assert seen == len(listed) > 0
    tiles = {tile_of(15, i["lon"], i["lat"]) for i in listed.values()}
    assert {f.tags["id"] for x, y in tiles for f in get(me, server, "hazards", 15, x, y, **window)} == set(listed)


def test_tiles_in_gcj02_are_apart(server, leader, demo_box):
    zoom, lon, lat = 12, (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2
    x, y = tile_of(zoom, lon, lat)
    plain, moved = [leader.get(server.base + f"/tiles/{datum}villages/{zoom}/{x}/{y}.mvt") for datum in ("", "gcj02/")]
    assert plain.headers["ETag"] != moved.headers["ETag"]
    # Each vertex of the simplified border, moved: GCJ-02 shifts by hundreds of metres here, the same for near points.
    shift = lambda a, b: {(round(a[f][0] - b[f][0], 0), round(a[f][1] - b[f][1], 0)) for f in a if f in b}  # noqa: E731
    centres = [{f.id: shapely.geometry.Polygon(f.polygons[0][0]).envelope.bounds for f in mvt.read(a.content)["villages"].features if max(map(max, f.polygons[0][0])) < EXTENT and min(map(min, f.polygons[0][0])) > 0}
               for a in (plain, moved)]
    assert shift(*centres) and all(50 < abs(dx) + abs(dy) < 600 for dx, dy in shift(*centres))
    assert describe(leader, server, "villages", datum="gcj02/")["tiles"] == [server.base + "/tiles/gcj02/villages/{z}/{x}/{y}.mvt"]


@pytest.mark.parametrize("document, tiles", [("/tiles/villages.json", "/tiles/villages/{z}/{x}/{y}.mvt"), ("/heatmap.json?kind=hazard&period=2024", "/heatmap/{z}/{x}/{y}.png?kind=hazard&period=2024")])
def test_addresses_of_tiles_are_whole_and_a_hosts_own(server, leader, document, tiles):
    """MapLibre takes no relative ones. What one Host is told is kept for that Host alone, and what only a proxy may say is not heard."""
    url = server.base + document
    plain = leader.get(url)
    assert plain.json()["tiles"] == [server.base + tiles]
    other = leader.get(url, headers={"Host": "map.example.cn"})
    assert other.json()["tiles"] == ["http://map.example.cn" + tiles]
    assert plain.headers["ETag"] != other.headers["ETag"] and "private" in other.headers["Cache-Control"]
    assert leader.get(url, headers={"Host": "map.example.cn", "If-None-Match": plain.headers["ETag"]}).status_code == 200
    assert leader.get(url).json() == plain.json(), "no other's answer is kept for us"
    assert leader.get(url, headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}).json()["tiles"] == plain.json()["tiles"]
    bad = leader.get(url, headers={"Host": "a\"b"})
    assert bad.status_code == 400 and "Host" in bad.json()["detail"]
    tile = "/tiles/villages/9/0/0.mvt"
    assert leader.get(server.base + tile).headers["ETag"] == leader.get(server.base + tile, headers={"Host": "map.example.cn"}).headers["ETag"], "a tile names no address"


def test_a_layer_says_of_what_it_is(server, leader):
    said = describe(leader, server, "villages", at="2025-03-01")
    districts = {d["scheme"]: d for d in leader.get(server.base + "/api/v1/districts").json()["items"]}
    assert {d["scheme"]: (d["id"], d["synthetic"], d["data_until"], d["at"]) for d in said["districts"]} == {s: (d["id"], d["synthetic"], d["last_day"], "2025-03-01") for s, d in districts.items() if d["holds_from"] <= "2025-03-01"}
    assert said["attribution"] == "演示数据·合成" and said["generator"].startswith("Gridward ")


def test_what_is_asked_wrongly_is_told(server, leader):
    for path, status, field in (("/tiles/villages/23/0/0.mvt", 400, "z"), ("/tiles/villages/3/8/0.mvt", 400, "x"), ("/tiles/roads/3/1/1.mvt", 400, "layer"), ("/tiles/hazards/3/1/1.mvt?measures=hazard_density", 400, "measures"),
                                ("/tiles/towns/3/1/1.mvt?open_at=2025-01-01", 400, "open_at"), ("/tiles/inspections/3/1/1.mvt?grade=major", 400, "grade"), ("/tiles/villages/a/1/1.mvt", 400, "z"),
                                ("/tiles/villages/3/1/1.mvt?measures=hazard_density", 400, "from"), ("/tiles/villages/3/1/1.mvt?mode=as_is", 400, "from"),
                                ("/tiles/villages/3/1/1.mvt?measures=nothing&from=2014-01-01&to=2015-01-01", 400, "measures")):
        answer = leader.get(server.base + path)
        assert answer.status_code == status and field in {e["field"] for e in answer.json()["errors"]}, (path, answer.text)
    assert leader.get(server.base + "/tiles/villages/3/1/1.png").status_code == 404
    assert leader.get(server.base + "/tiles/villages/3/1/.mvt").status_code == 404
    assert leader.get(server.base + "/tiles/villages/5/0/0.mvt").status_code == 204
