"""Contours, GeoTIFF, the relative risk surface and differences of two windows: against the grid, shapely, GDAL and scipy's normal distribution in plain Python."""
import json
import math
import subprocess

import pyproj
import pytest
import shapely.geometry
import shapely.ops

import png
from test_heat_tiles import middle, tile_of, values_of

YEAR = {"from": "2024-01-01", "to": "2025-01-01"}
BEFORE = {"versus_from": "2023-01-01", "versus_to": "2024-01-01"}
DEMO = {"cell": "code:sim-990101:990101000000"}
BANDWIDTH = 1200


@pytest.fixture(scope="module")
def leader(server):
    return server.session("leader")


def ask(session, server, what, status=200, **query):
    answer = session.get(server.base + f"/heatmap/{what}", params={"kind": "hazard", "bandwidth": BANDWIDTH, **YEAR, **DEMO, **query})
    assert answer.status_code == status, answer.text
    return answer


@pytest.fixture(scope="module")
def land(server, leader):
    cell = leader.get(server.base + "/api/v1/cells/code:sim-990101:990101000000", params={"format": "geojson", "at": "2024-12-31"}).json()
    return shapely.geometry.shape(cell["geometry"])


def cells_of(heat):
    for row, values in enumerate(heat["values"]):
        for column, value in enumerate(values):
            yield heat["origin"][0] + (column + 0.5) * heat["spacing_m"], heat["origin"][1] - (row + 0.5) * heat["spacing_m"], value


@pytest.mark.parametrize("quantity", [{}, {"relative_to": "enterprises"}, {**BEFORE, "top": 10}])
def test_bands_are_valid_tile_the_land_and_hold_the_values_between_their_breaks(server, leader, land, quantity):
    contours = ask(leader, server, "contours", **quantity).json()
    grid = ask(leader, server, "grid", spacing=300, **{k: v for k, v in quantity.items() if k != "top"}).json()
    to_degrees = pyproj.Transformer.from_crs(grid["crs"], "EPSG:4490", always_xy=True)
    bands = [(f["properties"], shapely.geometry.shape(f["geometry"])) for f in contours["features"]]
    assert len(bands) > 2 and contours["quantity"] == grid["quantity"]
    assert all(shape.buffer(1e-9).is_valid and shape.area > 0 for _, shape in bands)
    assert sum(shape.area for _, shape in bands) == pytest.approx(shapely.ops.unary_union([s for _, s in bands]).area, rel=1e-4), "no two overlap"
    drawn = shapely.ops.unary_union([s for _, s in bands])
    if "relative_to" not in quantity:
        assert drawn.symmetric_difference(land).area < 1e-4 * land.area
    checked = masked = 0
    for x, y, value in list(cells_of(grid))[::37]:
        place = shapely.geometry.Point(to_degrees.transform(x, y))
        if not land.buffer(-0.003).contains(place):
            continue
        if value is None:
            masked += not drawn.buffer(-0.003).contains(place)
            continue
        inside = [p for p, shape in bands if shape.contains(place)]
        near = [b for b in (-10, -5, -2, -1, -0.5, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if abs(value - b) < 0.03 * abs(b) + 0.01]
        if near or not inside and "relative_to" in quantity:
            continue
        band, = inside
        assert (band["low"] is None or band["low"] <= value) and (band["high"] is None or value <= band["high"]), (value, band)
        checked += 1
    assert checked > 100


def test_lines_are_where_the_surface_has_their_value(server, leader):
    lines = ask(leader, server, "contours", geometry="line").json()["features"]
    grid = ask(leader, server, "grid", spacing=100).json()
    plane = pyproj.Transformer.from_crs("EPSG:4490", grid["crs"], always_xy=True)
    checked = 0
    for feature in lines:
        value = feature["properties"]["value"]
        for part in feature["geometry"]["coordinates"]:
            for lon, lat in part[::25]:
                x, y = plane.transform(lon, lat)
                i, j = int((x - grid["origin"][0]) / 100), int((grid["origin"][1] - y) / 100)
                if 1 <= i < grid["columns"] - 1 and 1 <= j < grid["rows"] - 1:
                    around = [grid["values"][j + b][i + a] for a in (-1, 0, 1) for b in (-1, 0, 1)]
                    if None not in around:
                        assert min(around) - 0.02 <= value <= max(around) + 0.02, (value, around)
                        checked += 1
    assert checked > 100 and {f["properties"]["value"] for f in lines} <= {1, 2, 5, 10, 20, 50, 100, 200}


def test_the_relative_risk_is_hazards_by_enterprises_and_masked_where_they_are_few(server, leader):
    hazards = ask(leader, server, "grid", spacing=300).json()
    risk = ask(leader, server, "grid", spacing=300, relative_to="enterprises").json()
    assert risk["quantity"] == "relative_risk" and risk["unit"] == "1/enterprise" and risk["bandwidth_m"] == hazards["bandwidth_m"] == BANDWIDTH
    floor = 5 / (4 * math.pi * BANDWIDTH ** 2) * 1e6
    assert risk["least_base"] == 5 and abs(risk["least_base_per_km2"] - floor) < 1e-12
    # Enterprises of the last day, each with the part of its kernel inside that the correction uses: recomputed where the border is far.
    listed, after = [], None
    while True:
        page = leader.get(server.base + "/api/v1/enterprises", params={**DEMO, "limit": 1000, "at": "2024-12-31", **({"after": after} if after else {})}).json()
        listed += page["items"]
        after = page["next"]
        if not after:
            break
    plane = pyproj.Transformer.from_crs("EPSG:4490", risk["crs"], always_xy=True)
    places = [plane.transform(e["lon"], e["lat"]) for e in listed if e["lon"] is not None]
    assert abs(risk["base_count"] - len(places)) <= 2
    west, north, s = risk["origin"][0], risk["origin"][1], risk["spacing_m"]
    checked = 0
    for (x, y, h), (_, _, r) in list(zip(cells_of(hazards), cells_of(risk)))[::53]:
        far = min(x - west, north - y, west + s * risk["columns"] - x, y - (north - s * risk["rows"])) > 5 * BANDWIDTH
        if h is None or not far:
            continue
        base = sum(math.exp(-((x - px) ** 2 + (y - py) ** 2) / 2 / BANDWIDTH ** 2) for px, py in places) / (2 * math.pi * BANDWIDTH ** 2) * 1e6
        if base < 0.97 * floor:
            assert r is None
        elif base > 1.03 * floor:
            assert r == pytest.approx(h / base, rel=0.03, abs=1e-3)
            checked += 1
    assert checked > 50
    thin = ask(leader, server, "grid", spacing=300, relative_to="enterprises", least_base=200).json()
    count = lambda heat: sum(v is not None for row in heat["values"] for v in row)  # noqa: E731
    assert 0 <= count(thin) < count(risk)


def test_a_difference_is_one_window_less_the_other_and_turns_its_sign(server, leader):
    here, there = (ask(leader, server, "grid", spacing=400, **w).json() for w in ({}, {"from": "2023-01-01", "to": "2024-01-01", "at": "2024-12-31"}))
    both = ask(leader, server, "grid", spacing=400, **BEFORE).json()
    assert both["quantity"] == "difference" and both["versus"] == {"from": "2023-01-01", "to": "2024-01-01"} and both["versus_count"] == there["count"]
    assert both["integral"] == pytest.approx(here["count"] - there["count"], abs=1e-6 * here["count"])
    for a, b, c in zip(*(sum(heat["values"], []) for heat in (here, there, both))):
        assert (c is None) == (a is None) and (c is None or abs(a - b - c) < 1e-9 * (a + b + 1))
    # Scott's bandwidth is that of the window, for both.
    scott = {k: v for k, v in YEAR.items()}
    plain = leader.get(server.base + "/heatmap/grid", params={"kind": "hazard", **scott, **DEMO}).json()
    other = leader.get(server.base + "/heatmap/grid", params={"kind": "hazard", **scott, **DEMO, **BEFORE}).json()
    assert plain["bandwidth_m"] == other["bandwidth_m"]


@pytest.mark.parametrize("quantity", [{"relative_to": "enterprises"}, BEFORE])
def test_tiles_show_them_in_the_colours_of_their_legend(server, leader, land, quantity):
    grid = ask(leader, server, "grid", spacing=100, **quantity).json()
    plane = pyproj.Transformer.from_crs("EPSG:4490", grid["crs"], always_xy=True)
    x, y = tile_of(11, land.centroid.x, land.centroid.y)
    picture = png.read(ask(leader, server, f"11/{x}/{y}.png", **quantity).content)
    legend = leader.get(server.base + "/heatmap/legend", params={"kind": "hazard", **quantity}).json()
    values = values_of(leader, server, picture, **quantity)
    if "versus_from" in quantity:
        numbers = [s["value"] for s in legend["stops"]]
        assert numbers == [-n for n in reversed(numbers)] and legend["ramp"] == "blue_brown"
    else:
        assert legend["masked"]["colour"] == "#{:02x}{:02x}{:02x}".format(*picture.palette[1][:3])
    checked = 0
    for row in range(2, 256, 9):
        for column in range(2, 256, 9):
            at = plane.transform(*middle(11, x, y, column, row))
            i, j = int((at[0] - grid["origin"][0]) / 100), int((grid["origin"][1] - at[1]) / 100)
            if not (1 <= j < grid["rows"] - 1 and 1 <= i < grid["columns"] - 1):
                continue
            number, known = picture.numbers[row][column], grid["values"][j][i]
            around = [grid["values"][j + b][i + a] for a in (-1, 0, 1) for b in (-1, 0, 1)]
            if None in around:
                assert number in (0, 1) or known is not None or any(v is not None for v in around)
                continue
            assert number > 1
            step = values[min(number + 1, 255)] - values[max(number - 1, 2)]
            low, high = min(values.values()), max(values.values())
            assert abs(values[number] - min(max(known, low), high)) <= 0.75 * step + 0.06 * abs(known) + 0.06, (values[number], known)
            checked += 1
    assert checked > 200


def test_a_geotiff_opens_in_gdal_with_its_system_and_its_holes(server, leader, tmp_path):
    heat = ask(leader, server, "grid", spacing=300, relative_to="enterprises").json()
    answer = leader.get(server.base + "/heatmap/grid", params={"kind": "hazard", "bandwidth": BANDWIDTH, **YEAR, **DEMO, "spacing": 300, "relative_to": "enterprises"}, headers={"Accept": "image/tiff"})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/tiff")
    (tmp_path / "heat.tif").write_bytes(answer.content)
    info = json.loads(subprocess.run(["gdalinfo", "-json", tmp_path / "heat.tif"], capture_output=True, text=True, check=True).stdout)
    assert info["size"] == [heat["columns"], heat["rows"]] and info["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"] == "COG"
    west, step, _, north, _, down = info["geoTransform"]
    assert (west, north) == pytest.approx(heat["origin"], abs=1e-6) and step == -down == heat["spacing_m"]
    band, = info["bands"]
    assert band["type"] == "Float32" and band["unit"] == "1/enterprise" and str(band["noDataValue"]).lower() == "nan"
    said = json.loads(info["metadata"][""]["surface"])
    assert said["bandwidth_m"] == BANDWIDTH and said["quantity"] == "relative_risk"
    # The system: a place in degrees is where PROJ's definition has it, by GDAL.
    there = subprocess.run(["gdaltransform", "-s_srs", "EPSG:4490", "-t_srs", tmp_path / "heat.tif"], input="124.3 30.1\n", capture_output=True, text=True)
    system = info["coordinateSystem"]["wkt"]
    x, y = pyproj.Transformer.from_crs("EPSG:4490", heat["crs"], always_xy=True).transform(124.3, 30.1)
    assert pyproj.Transformer.from_crs("EPSG:4490", pyproj.CRS.from_wkt(system), always_xy=True).transform(124.3, 30.1) == pytest.approx((x, y), abs=0.01), there
    text = subprocess.run(["gdal_translate", "-q", "-of", "XYZ", tmp_path / "heat.tif", "/vsistdout/"], capture_output=True, text=True, check=True).stdout
    values = [float(line.split()[2]) for line in text.splitlines()]
    for mine, theirs in zip(sum(heat["values"], []), values):
        assert math.isnan(theirs) if mine is None else theirs == pytest.approx(mine, rel=1e-6, abs=1e-9)


def test_bandwidths_by_likelihood_and_adaptive_ones(server, leader, land):
    whole = {"kind": "hazard", **YEAR, **DEMO}
    get = lambda what, **query: leader.get(server.base + f"/heatmap/{what}", params={**whole, **query})  # noqa: E731
    likely = get("grid", bandwidth_rule="likelihood").json()
    scott = get("grid").json()
    assert likely["bandwidth_rule"] == "likelihood" and scott["bandwidth_m"] / 16 < likely["bandwidth_m"] < 2 * scott["bandwidth_m"] and likely["bandwidth_m"] != scott["bandwidth_m"]
    x, y = tile_of(12, land.centroid.x, land.centroid.y)
    assert get(f"12/{x}/{y}.png", bandwidth_rule="likelihood").content == get(f"12/{x}/{y}.png", bandwidth=repr(likely["bandwidth_m"])).content, "one bandwidth for all tiles, that of the grid"
    adaptive = get("grid", bandwidth_rule="adaptive", bandwidth=1500, spacing=150).json()
    assert adaptive["bandwidth_m"] == 1500 and 375 <= adaptive["bandwidth_least_m"] < 1500 < adaptive["bandwidth_most_m"] <= 6000
    assert adaptive["integral"] == pytest.approx(adaptive["count"], rel=1e-6)
    picture = png.read(get(f"11/{x // 2}/{y // 2}.png", bandwidth_rule="adaptive", bandwidth=1500).content)
    values = values_of(leader, server, picture)
    plane = pyproj.Transformer.from_crs("EPSG:4490", adaptive["crs"], always_xy=True)
    checked = 0
    for row in range(2, 256, 9):
        for column in range(2, 256, 9):
            at = plane.transform(*middle(11, x // 2, y // 2, column, row))
            i, j = int((at[0] - adaptive["origin"][0]) / 150), int((adaptive["origin"][1] - at[1]) / 150)
            number = picture.numbers[row][column]
            if number < 2 or not (0 <= i < adaptive["columns"] and 0 <= j < adaptive["rows"]) or adaptive["values"][j][i] is None:
                continue
            step = values[min(number + 1, 255)] - values[max(number - 1, 2)]
            assert abs(values[number] - adaptive["values"][j][i]) <= 0.75 * step + 0.1 * adaptive["values"][j][i] + 0.05
            checked += 1
    assert checked > 200
    for query, field in (({"bandwidth_rule": "fixed"}, "bandwidth"), ({"bandwidth_rule": "likelihood", "bandwidth": 500}, "bandwidth"), ({"bandwidth_rule": "adaptive", "edge_correction": "uniform"}, "edge_correction"),
                         ({"bandwidth_rule": "adaptive", **BEFORE}, "bandwidth_rule")):
        assert field in {e["field"] for e in get("grid", **query).json()["errors"]}, query


def test_what_does_not_go_together_is_told(server, leader):
    for query, field in (({"versus_from": "2023-01-01"}, "versus_to"), ({**BEFORE, "relative_to": "enterprises"}, "relative_to"), ({"kind": "patrol", "relative_to": "enterprises"}, "relative_to"),
                         ({"least_base": 3}, "least_base"), ({"versus_from": "2023-02-01", "versus_to": "2023-01-01"}, "versus_to"), ({**BEFORE, "ramp": "amber"}, "ramp")):
        answer = ask(leader, server, "contours", 400, **query)
        assert field in {e["field"] for e in answer.json()["errors"]}, (query, answer.text)
    svg = leader.get(server.base + "/heatmap/legend", params={"kind": "hazard", "relative_to": "enterprises", "format": "svg"}).text
    assert "相对风险" in svg and "企业过少" in svg
    for query in ({}, BEFORE):
        assert "风险" not in leader.get(server.base + "/heatmap/legend", params={"kind": "hazard", **query, "format": "svg"}).text
