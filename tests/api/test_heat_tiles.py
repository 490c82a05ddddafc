"""Tiles of density surfaces: decoded by a reader of our own and compared, pixel by pixel, with the grid, the legend, one another, and shapely's border."""
import math

import pyproj
import pytest
import shapely.geometry

import png
from own_map import bounds_of, box as demo_box, leader, server  # noqa: F401
from test_rights import make
from test_tiles import tile_of, tiles_in

YEAR = {"from": "2024-01-01", "to": "2025-01-01"}
DEMO = {"cell": "code:sim-990101:990101000000"}
BANDWIDTH = 800


def tile(session, server, z, x, y, datum="", double="", status=200, **query):
    answer = session.get(server.base + f"/heatmap/{datum}{z}/{x}/{y}{double}.png", params={"kind": "hazard", "bandwidth": BANDWIDTH, **({} if "open_at" in query else YEAR), **query})
    assert answer.status_code == status, answer.text
    return png.read(answer.content) if status == 200 else answer.json()


def middle(z, x, y, column, row, side=256):
    """Degrees of the middle of a pixel."""
    n = 2 ** z
    return (x + (column + 0.5) / side) / n * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + (row + 0.5) / side) / n))))


def values_of(session, server, picture, **query):
    """From a colour to the density that it stands for, by the legend alone: linear between its stops."""
    legend = session.get(server.base + "/heatmap/legend", params={"kind": "hazard", **query}).json()
    stops = legend["stops"]
    out = {}
    for i in range(254):
        t = i / 253 * (len(stops) - 1)
        low = min(int(t), len(stops) - 2)
        out[2 + i] = stops[low]["value"] + (t - low) * (stops[low + 1]["value"] - stops[low]["value"])
    for i, stop in enumerate(stops):
        red, green, blue, opacity = picture.palette[2 + int(253 * i / (len(stops) - 1) + 0.5)]
        assert stop["colour"] == f"#{red:02x}{green:02x}{blue:02x}" and abs(stop["opacity"] - opacity / 255) < 1e-9
    return out


@pytest.fixture(scope="module")
def land(server, leader):
    cell = leader.get(server.base + "/api/v1/cells/code:sim-990101:990101000000", params={"format": "geojson", "at": "2024-12-31"}).json()
    return shapely.geometry.shape(cell["geometry"])


def test_each_pixel_has_the_density_of_the_grid_in_the_colour_of_the_legend(server, leader, demo_box):
    """At two zooms and for each correction, against /heatmap/grid on pixels of 50 m."""
    for correction in ("jones_diggle", "uniform", "none"):
        query = {**DEMO, "edge_correction": correction, "bandwidth": BANDWIDTH}
        heat = leader.get(server.base + "/heatmap/grid", params={"kind": "hazard", **YEAR, **query, "spacing": 50}).json()
        plane = pyproj.Transformer.from_crs("EPSG:4490", heat["crs"], always_xy=True)
        checked = 0
        for zoom in (11, 13):
            x, y = tile_of(zoom, (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2)
            picture = tile(leader, server, zoom, x, y, **query)
            values = values_of(leader, server, picture)
            for row in range(3, 256, 11):
                for column in range(1, 256, 13):
                    at = plane.transform(*middle(zoom, x, y, column, row))
                    i, j = int((at[0] - heat["origin"][0]) / 50), int((heat["origin"][1] - at[1]) / 50)
                    known = heat["values"][j][i] if 0 <= j < heat["rows"] and 0 <= i < heat["columns"] else None
                    number = picture.numbers[row][column]
                    if known is None or number == 0:
                        continue
                    # Half a colour, and what the density differs across a pixel of the grid.
                    steps = [abs(values[min(n + 1, 255)] - values[max(n - 1, 2)]) for n in (number,)]
                    assert abs(values[number] - known) <= 0.75 * steps[0] + 0.06 * known + 0.05, (correction, zoom, column, row, values[number], known)
                    checked += 1
        assert checked > 300


def test_transparent_outside_the_district_and_nowhere_else(server, leader, demo_box, land):
    inner, outer = land.buffer(-1e-4), land.buffer(1e-4)
    seen = {True: 0, False: 0}
    for x, y in tiles_in(demo_box, 11):
        picture = tile(leader, server, 11, x, y, **DEMO)
        for row in range(0, 256, 9):
            for column in range(0, 256, 9):
                place = shapely.geometry.Point(middle(11, x, y, column, row))
                if inner.contains(place):
                    assert picture.at(column, row)[3] > 50
                    seen[True] += 1
                elif not outer.contains(place):
                    assert picture.at(column, row)[3] == 0
                    seen[False] += 1
    assert min(seen.values()) > 300


def test_the_same_place_has_the_same_colour_at_every_zoom(server, leader, demo_box):
    """A pixel and the four of the next zoom that it covers; a number in the palette is 1/254 of the ramp."""
    lon, lat = (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2
    compared = 0
    for zoom in range(10, 16):
        x, y = tile_of(zoom, lon, lat)
        above = tile(leader, server, zoom, x, y)
        metres = 40075016 / 2 ** zoom / 256 * math.cos(math.radians(lat))
        for dx, dy in ((0, 0), (1, 1)):
            below = tile(leader, server, zoom + 1, 2 * x + dx, 2 * y + dy)
            for row in range(0, 128, 5):
                for column in range(0, 128, 5):
                    one = above.numbers[128 * dy + row][128 * dx + column]
                    four = [below.numbers[2 * row + i][2 * column + j] for i in (0, 1) for j in (0, 1)]
                    if 0 in (one, *four):
                        continue
                    # Their mean is at the very middle of the one: what is left is the bend of the surface within a pixel, and rounding.
                    assert abs(sum(four) / 4 - one) <= 1.1 + 254 / 8 * (metres / BANDWIDTH) ** 2, (zoom, column, row)
                    compared += 1
    assert compared > 2000


def test_no_seam_shows(server, leader, demo_box):
    """Across the edge of two tiles neighbours differ as they do within a tile; a tile of 512 pixels has the same in the same places as the four below it, to the last one."""
    lon, lat = (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2
    for zoom in (11, 14):
        x, y = tile_of(zoom, lon, lat)
        west, east = tile(leader, server, zoom, x, y), tile(leader, server, zoom, x + 1, y)
        across = [abs(west.numbers[r][255] - east.numbers[r][0]) for r in range(256) if west.numbers[r][255] and east.numbers[r][0]]
        within = [abs(west.numbers[r][c] - west.numbers[r][c + 1]) for r in range(256) for c in range(0, 255, 7) if west.numbers[r][c] and west.numbers[r][c + 1]]
        assert len(across) > 50 and max(across) <= max(within) + 1
        double = tile(leader, server, zoom, x, y, double="@2x")
        assert double.width == 512
        differ = 0
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            quarter = tile(leader, server, zoom + 1, 2 * x + dx, 2 * y + dy)
            differ += sum(abs(a - b) > 1 for r in range(256) for a, b in zip(double.numbers[256 * dy + r][256 * dx:256 * dx + 256], quarter.numbers[r]))
        assert differ < 60, "but for pixels on the border"


def test_the_same_colour_means_the_same_in_every_window(server, leader, demo_box):
    """A window of two years is, in each pixel, the sum of its years: colours are of densities, not of what a tile happens to have."""
    x, y = tile_of(11, (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2)
    first, second, both = [tile(leader, server, 11, x, y, **DEMO, **{"from": f, "to": t, "at": "2024-12-31"}) for f, t in (("2023-01-01", "2024-01-01"), ("2024-01-01", "2025-01-01"), ("2023-01-01", "2025-01-01"))]
    values = values_of(leader, server, both)
    assert first.palette == second.palette == both.palette
    step = lambda n: values[min(n + 1, 255)] - values[max(n - 1, 2)]  # noqa: E731
    summed = 0
    for row in range(0, 256, 7):
        for column in range(0, 256, 7):
            a, b, c = (p.numbers[row][column] for p in (first, second, both))
            if 0 in (a, b, c) or 255 in (a, b, c):
                continue
            assert abs(values[a] + values[b] - values[c]) <= 0.5 * (step(a) + step(b) + step(c)) + 1e-9
            summed += 1
    assert summed > 200


def test_a_metre_is_a_metre_at_every_latitude(server, leader):
    """One accident in 示范区, far from its border: half its height is 1.1774 bandwidths away, on the ground, north as well as east."""
    box = bounds_of(server, leader, "sim-990101")
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    h, zoom, day = 400, 14, {"from": "2019-03-01", "to": "2019-04-01"}
    x, y = tile_of(zoom, lon, lat)
    lon, lat = middle(zoom, x, y, 127, 127)
    made = server.session("coordinator").post(server.base + "/api/v1/hazards", json={"id": "0a711e00-0000-4000-8000-00000000cafe", "district": server.district("sim-990101"), "day": "2019-03-05", "source": "patrol", "grade": "general", "lon": lon, "lat": lat})
    assert made.status_code == 201, made.text
    query = {**DEMO, **day, "at": "2024-12-31", "bandwidth": h, "edge_correction": "none", "top": 1}
    picture = tile(leader, server, zoom, x, y, **query)
    values = values_of(leader, server, picture, top=1)
    peak = 1 / (2 * math.pi * (h / 1000) ** 2)
    assert abs(values[picture.numbers[127][127]] - peak) < 0.02 * peak
    pixel = 40075016.7 / 2 ** zoom / 256 * math.cos(math.radians(lat))
    for pixels in (20, 50, 80):
        expected = peak * math.exp(-(pixels * pixel / h) ** 2 / 2)
        for column, row in ((127 + pixels, 127), (127 - pixels, 127), (127, 127 + pixels), (127, 127 - pixels)):
            assert abs(values[picture.numbers[row][column]] - expected) < 0.02 * peak, (column, row)


def test_a_write_shows_at_once_and_makes_new_no_tile_of_another_district(server, leader, demo_box):
    office = server.session("coordinator")
    chicago = bounds_of(server, leader, "chicago")
    window = {"from": "2018-05-01", "to": "2018-06-01", "kind": "hazard", "bandwidth": 500, "top": 1}
    lon, lat = (chicago[0] + chicago[2]) / 2, (chicago[1] + chicago[3]) / 2
    at = lambda box: server.base + "/heatmap/12/{}/{}.png".format(*tile_of(12, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2))  # noqa: E731
    ask = lambda box, **headers: leader.get(at(box), params=window, headers=headers)  # noqa: E731
    before = [ask(chicago), ask(demo_box)]
    made = office.post(server.base + "/api/v1/hazards", json={"id": "0a711e00-0000-4000-8000-000000000f1e", "district": server.district(), "day": "2018-05-05", "source": "patrol", "grade": "general", "lon": lon, "lat": lat})
    assert made.status_code == 201
    again = [ask(box, **{"If-None-Match": old.headers["ETag"]}) for box, old in zip((chicago, demo_box), before)]
    assert [a.status_code for a in again] == [200, 304], "the other district's tile is the one that its reader has"
    count = lambda data: sum(n > 2 for row in png.read(data).numbers for n in row)  # noqa: E731
    assert count(again[0].content) > count(before[0].content), "the hazard that was just recorded shows"
    assert office.get(at(demo_box), params=window).headers["ETag"] == before[1].headers["ETag"], "who may see the same shares a tile"


def test_a_tile_shows_only_the_subtree(server, leader):
    loop = leader.get(server.base + "/api/v1/cells/code:chicago:32", params={"format": "geojson"}).json()
    shape = shapely.geometry.shape(loop["geometry"])
    me = make(server, "heat-viewer", "viewer", district=server.district(), cell=loop["id"])
    window = {"from": "2014-01-01", "to": "2015-01-01", "bandwidth": 300}
    centre = shape.representative_point()
    x, y = tile_of(13, centre.x, centre.y)
    mine, asked, all_of_it = tile(me, server, 13, x, y, **window), tile(leader, server, 13, x, y, cell="code:chicago:32", **window), tile(leader, server, 13, x, y, **window)
    assert mine.numbers == asked.numbers, "whose right is a town has that town's surface"
    for row in range(0, 256, 5):
        for column in range(0, 256, 5):
            place = shapely.geometry.Point(middle(13, x, y, column, row))
            if not shape.buffer(1e-4).contains(place):
                assert mine.numbers[row][column] == 0
    drawn = lambda p: sum(n > 0 for row in p.numbers for n in row)  # noqa: E731
    assert 0 < drawn(mine) < drawn(all_of_it)
    tile(me, server, 13, x, y, status=403, cell="code:chicago:33", **window)
    part, = me.get(server.base + "/heatmap.json", params={"kind": "hazard", **window}).json()["parts"]
    grid = leader.get(server.base + "/heatmap/grid", params={"kind": "hazard", "cell": "code:chicago:32", **window}).json()
    assert part["cell"]["id"] == loop["id"] and part["count"] == grid["count"] > 0 and part["bandwidth_m"] == 300


def test_scotts_bandwidth_is_that_of_the_whole_and_the_document_tells_it(server, leader, demo_box):
    x, y = tile_of(12, (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2)
    asked = {"kind": "hazard", **YEAR, **DEMO, "major_weight": 5}
    layer = leader.get(server.base + "/heatmap.json", params=asked).json()
    part, = layer["parts"]
    grid = leader.get(server.base + "/heatmap/grid", params=asked).json()
    assert part["bandwidth_rule"] == "scott" and part["bandwidth_m"] == grid["bandwidth_m"] and part["weight"] == grid["weight"] > part["count"] and layer["major_weight"] == 5
    scott = leader.get(server.base + f"/heatmap/12/{x}/{y}.png", params=asked).content
    assert scott == leader.get(server.base + f"/heatmap/12/{x}/{y}.png", params={**asked, "bandwidth": repr(part["bandwidth_m"])}).content
    assert layer["tiles"][0].startswith(server.base + "/heatmap/{z}/{x}/{y}.png?kind=hazard&from=2024-01-01") and layer["attribution"]
    west, south, east, north = layer["bounds"]
    assert abs(west - demo_box[0]) < 1e-3 and abs(north - demo_box[3]) < 1e-3 and west < east and south < north
    nothing = {**asked, "from": "1990-01-01", "to": "1990-02-01", "at": "2024-12-31"}
    part, = leader.get(server.base + "/heatmap.json", params=nothing).json()["parts"]
    assert part["bandwidth_m"] is None and part["count"] == 0


def test_moved_tiles_are_the_same_moved(server, leader, demo_box):
    """What GCJ-02 moves by hundreds of metres is found there, and not here."""
    lon, lat = (demo_box[0] + demo_box[2]) / 2, (demo_box[1] + demo_box[3]) / 2
    x, y = tile_of(13, lon, lat)
    plain, moved = tile(leader, server, 13, x, y, **DEMO), tile(leader, server, 13, x, y, datum="gcj02/", **DEMO)
    off = lambda dx, dy: sum(abs(plain.numbers[r][c] - moved.numbers[r + dy][c + dx]) for r in range(60, 196, 4) for c in range(60, 196, 4))  # noqa: E731
    best = min(((dx, dy) for dx in range(-60, 61, 2) for dy in range(-60, 61, 2)), key=lambda d: off(*d))
    assert best != (0, 0) and off(*best) < 0.2 * off(0, 0)
    pixel = 40075016.7 / 2 ** 13 / 256 * math.cos(math.radians(lat))
    assert 100 < math.hypot(*best) * pixel < 1000


def test_the_legend_is_told_and_drawn(server, leader):
    legend = leader.get(server.base + "/heatmap/legend", params={"kind": "hazard"}).json()
    assert [s["value"] for s in legend["stops"]] == [0, 1, 2, 5, 10, 20, 50, 100, 200] and legend["unit"] == "1/km2"
    assert [s["value"] for s in leader.get(server.base + "/heatmap/legend", params={"kind": "accident", "top": 0.5}).json()["stops"]][-1] == 0.5
    drawn = leader.get(server.base + "/heatmap/legend", params={"kind": "hazard", "format": "svg"})
    assert drawn.headers["Content-Type"].startswith("image/svg+xml") and "隐患密度" in drawn.text and "风险" not in drawn.text
    ramps = {ramp: leader.get(server.base + "/heatmap/legend", params={"kind": "hazard", "ramp": ramp}).json()["stops"][4]["colour"] for ramp in ("viridis", "cividis", "amber")}
    assert len(set(ramps.values())) == 3


def test_what_is_asked_wrongly_is_told(server, leader):
    for path, query, field in (("/heatmap/3/8/0.png", {}, "x"), ("/heatmap/23/0/0.png", {}, "z"), ("/heatmap/3/1/1.png", {"top": 3}, "top"), ("/heatmap/3/1/1.png", {"ramp": "rainbow"}, "ramp"),
                               ("/heatmap/3/1/1.png", {"bandwidth": 1}, "bandwidth"), ("/heatmap/3/1/1.png", {"open_at": "2024-01-01"}, "from"), ("/heatmap/legend", {"top": 7}, "top")):
        answer = leader.get(server.base + path, params={"kind": "hazard", **({} if path.endswith("legend") else YEAR), **query})
        assert answer.status_code == 400 and field in {e["field"] for e in answer.json()["errors"]}, (path, query, answer.text)
    chicago = bounds_of(server, leader, "chicago")
    x, y = tile_of(12, (chicago[0] + chicago[2]) / 2, (chicago[1] + chicago[3]) / 2)
    assert "bandwidth" in tile(leader, server, 12, x, y, status=400, bandwidth=10)["detail"]
    empty = tile(leader, server, 5, 0, 0)
    assert all(n == 0 for row in empty.numbers for n in row)
