"""Map views on paper: what stands in a PDF by pdftotext, where things stand and in which colour by GDAL, pyproj and shapely."""
import collections
import random
import re
import subprocess

import pyproj
import pytest
import shapely.geometry
import shapely.ops

from own_map import ROOT_CELL, SIM, box, leader, server  # noqa: F401
from test_layers import YEAR, figures, shapes_of, whole_map
from test_rights import make

A4 = (297, 210)
RISK = {1: "d7301f", 2: "fd8d3c", 3: "fee441", 4: "4292c6"}


def draw(session, server, status=200, **query):
    answer = session.get(server.base + "/api/v1/maps", params={"within": ROOT_CELL, "level": "village", **YEAR, **query})
    assert answer.status_code == status, answer.text[:500]
    return answer


def text_of(answer, tmp_path):
    """The text of a PDF without spaces and ends of lines."""
    (tmp_path / "map.pdf").write_bytes(answer.content)
    return re.sub(r"\s", "", subprocess.run(["pdftotext", "-raw", tmp_path / "map.pdf", "-"], capture_output=True, text=True, check=True).stdout)


class Picture:
    """A PNG by GDAL: its pixels, and where on it a place of the map stands, computed apart from the server."""

    def __init__(self, answer, tmp_path, box, scale, dpi=150):
        (tmp_path / "map.png").write_bytes(answer.content)
        subprocess.run(["gdal_translate", "-q", "-of", "PNM", tmp_path / "map.png", tmp_path / "map.ppm"], check=True)
        data = (tmp_path / "map.ppm").read_bytes()
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        self.width, self.height, self.data = int(head[1]), int(head[2]), data[head.end():]
        self.metres_per_mm, self.per_mm = scale / 1000, dpi / 25.4
        lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        self.plane = pyproj.Transformer.from_crs("EPSG:4490", f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +ellps=GRS80 +units=m", always_xy=True)
        corners = [self.plane.transform(x, y) for x in (box[0], lon, box[2]) for y in (box[1], box[3])]
        self.middle = [(min(c[i] for c in corners) + max(c[i] for c in corners)) / 2 for i in (0, 1)]
        self.frame = (10, 27, 297 - 20 - 62, 210 - 14 - 27)  # x, y, width, height of the map on A4

    def at(self, lon, lat):
        x, y = self.plane.transform(lon, lat)
        px = (self.frame[0] + self.frame[2] / 2 + (x - self.middle[0]) / self.metres_per_mm) * self.per_mm
        py = (self.frame[1] + self.frame[3] / 2 - (y - self.middle[1]) / self.metres_per_mm) * self.per_mm
        return int(px), int(py)

    def colour(self, x, y):
        at = 3 * (y * self.width + x)
        return self.data[at:at + 3].hex()

    def colours_in(self, shape, n=60):
        """The colours of places in a shape, the most frequent first."""
        inner, chance, seen = shape.buffer(-0.0012), random.Random(1), collections.Counter()
        west, south, east, north = inner.bounds
        while sum(seen.values()) < n:
            p = shapely.geometry.Point(chance.uniform(west, east), chance.uniform(south, north))
            if inner.contains(p):
                seen[self.colour(*self.at(p.x, p.y))] += 1
        return [c for c, _ in seen.most_common()]


def scale_of(text):
    return int(re.search(r"比例尺1:(\d+)", text)[1])


def test_a_pdf_says_all_that_a_map_must(server, leader, box, tmp_path):
    answer = draw(leader, server, measure="hazard_density", format="pdf", classification="内部", review_number="鲁S(2025)001号")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = text_of(answer, tmp_path)
    name = leader.get(server.base + f"/api/v1/cells/{ROOT_CELL}").json()["name"]
    district = next(d for d in leader.get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == SIM)
    year, month, day = map(int, district["last_day"].split("-"))
    for said in (f"{name}隐患密度分布图", "2024年6月1日—2025年5月31日（含首尾两日）", "密级：内部", "审图号：鲁S(2025)001号", "演示数据·合成", "每平方公里", "无数据", f"数据截至：{year}年{month}月{day}日", "CGCS2000", "北",
                 "网格地图：2025年5月31日，村居"):
        assert re.sub(r"\s", "", said) in text, (said, text)
    blank = text_of(draw(leader, server, measure="hazard_density", format="pdf", title="安委会第二次会议"), tmp_path)
    assert "密级：＿" in blank and "审图号：＿" in blank and "安委会第二次会议" in blank and f"{name}隐患密度分布图" in blank
    images = subprocess.run(["pdfimages", "-list", tmp_path / "map.pdf"], capture_output=True, text=True, check=True).stdout
    assert len(images.splitlines()) <= 2, "all is drawn as vectors"
    info = subprocess.run(["pdfinfo", tmp_path / "map.pdf"], capture_output=True, text=True, check=True).stdout
    assert "Pages:           1" in info and "A4" in info and "安委会第二次会议" in info
    assert all("yes" in line.split()[-5] for line in subprocess.run(["pdffonts", tmp_path / "map.pdf"], capture_output=True, text=True, check=True).stdout.splitlines()[2:]), "fonts are in it"


def test_what_is_drawn_and_what_is_not_are_the_district(server, leader, box, tmp_path):
    window = {"from": "2023-06-01", "to": "2024-06-01"}
    text = text_of(draw(leader, server, measure="hazard_density", format="pdf", **window), tmp_path)
    on, off, total = map(int, re.search(r"隐患：图上(\d+)，不在图上(\d+)，合计(\d+)", text).groups())
    rows = figures(leader, server, "village", measures="hazard_density", **window)
    drawn = whole_map(leader, server, box, "villages", measures="hazard_density", **window)
    whole = figures(leader, server, "district", measures="hazard_density", **window)
    assert on == sum(r["figures"]["hazard_density"]["numerator"] for r in rows["rows"] if r["cell"]["id"] in drawn) and off > 0
    assert on + off == total == whole["rows"][0]["figures"]["hazard_density"]["numerator"] + whole["unplaced"]["figures"]["hazard_density"]["numerator"]
    cells_on, cells_off = map(int, re.search(r"网格：图上(\d+)个，不在图上(\d+)个", text).groups())
    assert cells_on == len(drawn) and cells_on + cells_off == len(rows["rows"])
    told = sum(map(int, re.findall(r"（(\d+)个）", text)))
    assert told == cells_on, "the legend counts each cell once"


@pytest.mark.parametrize("measure", ["hazard_density", "inspection_coverage", "inspection_visits"])
def test_colours_stand_where_the_cells_are(server, leader, box, tmp_path, measure):
    """Each place has the colour that the legend of figures gives its village's value, so the scale and the arrow to the north are true."""
    legend = leader.get(server.base + "/api/v1/figures/legend").json()["legend"][measure]
    scale = scale_of(text_of(draw(leader, server, measure=measure, format="pdf"), tmp_path))
    answer = draw(leader, server, measure=measure)
    assert answer.headers["Content-Type"] == "image/png"
    picture = Picture(answer, tmp_path, box, scale)
    assert (picture.width, picture.height) == tuple(round(mm * 150 / 25.4) for mm in A4)
    shapes = shapes_of(leader, server, "village")
    checked = collections.Counter()
    for row in figures(leader, server, "village", measures=measure, **YEAR)["rows"]:
        value, shape = row["figures"][measure]["value"], shapes.get(row["cell"]["id"])
        if shape is None or shape.buffer(-0.0012).is_empty or value is None:
            continue
        expected = legend["zero"][1:] if value == 0 else next(c["colour"][1:] for c in legend["classes"] if c["high"] is None or value <= c["high"])
        assert picture.colours_in(shape)[0] == expected, (row["cell"]["name"], value)
        checked[expected] += 1
    assert len(checked) >= 3 and sum(checked.values()) > 50, checked


def test_a_part_of_the_map_is_drawn_larger_and_colours_stay(server, leader, box, tmp_path):
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    part = (lon - 0.12, lat - 0.07, lon + 0.12, lat + 0.07)
    ask = {"measure": "hazard_density", "bbox": ",".join(map(str, part))}
    text = text_of(draw(leader, server, format="pdf", **ask), tmp_path)
    scale, whole = scale_of(text), scale_of(text_of(draw(leader, server, format="pdf", measure="hazard_density"), tmp_path))
    assert scale < whole * 0.7
    small, large = Picture(draw(leader, server, measure="hazard_density"), tmp_path, box, whole), Picture(draw(leader, server, **ask), tmp_path, part, scale)
    window, compared = shapely.geometry.box(*part).buffer(-0.001), 0
    for shape in shapes_of(leader, server, "village").values():
        if window.contains(shape) and not shape.buffer(-0.0012).is_empty:
            assert small.colours_in(shape)[0] == large.colours_in(shape)[0]
            compared += 1
    assert compared > 3
    on, off = map(int, re.search(r"网格：图上(\d+)个，不在图上(\d+)个", text).groups())
    assert 0 < on < on + off == len(figures(leader, server, "village", measures="hazard_density", **YEAR)["rows"])


def test_risk_is_in_the_official_colours(server, leader, box, tmp_path):
    text = text_of(draw(leader, server, theme="risk", level="town", format="pdf"), tmp_path)
    assert all(word in text for word in ("重大风险（红）", "较大风险（橙）", "一般风险（黄）", "低风险（蓝）", "风险等级分布图")) and "隐患" not in text
    picture, shapes = Picture(draw(leader, server, theme="risk", level="town"), tmp_path, box, scale_of(text)), shapes_of(leader, server, "town")
    for row in figures(leader, server, "town", measures="risk_highest", **YEAR)["rows"]:
        value = row["figures"]["risk_highest"]["value"]
        if row["cell"]["id"] in shapes and value:
            assert picture.colours_in(shapes[row["cell"]["id"]])[0] == RISK[value]
    density = text_of(draw(leader, server, measure="hazard_density", format="pdf"), tmp_path)
    assert "风险" not in density, "hazard density is not risk"


def test_hot_spots_and_key_regions_are_drawn(server, leader, box, tmp_path):
    hot = text_of(draw(leader, server, theme="hotspots", measure="hazards_per_enterprise", permutations=99, format="pdf"), tmp_path)
    assert "热点（显著）" in hot and "不显著（" in hot and "无数据（" in hot
    rows = leader.get(server.base + "/api/v1/hotspots", params={"within": ROOT_CELL, "level": "village", "measure": "hazards_per_enterprise", "permutations": 99, "statistic": "gi_star", **YEAR}).json()["rows"]
    drawn = whole_map(leader, server, box, "villages", at="2025-05-31")
    assert int(re.search(r"不显著（(\d+)个）", hot)[1]) == sum(r["gi_star"]["cluster"] == "not_significant" for r in rows if r["cell"]["id"] in drawn)
    regions = text_of(draw(leader, server, theme="key-regions", format="pdf"), tmp_path)
    found = leader.get(server.base + "/api/v1/key-regions", params={"within": ROOT_CELL, "level": "village", **YEAR}).json()
    assert int(re.search(r"不代表安全）（(\d+)个）", regions.replace("\n", ""))[1]) == sum(r["cell"]["id"] in drawn for r in found["insufficient"])


@pytest.mark.parametrize("what", [{"bandwidth": 900}, {"bandwidth": 1500, "relative_to": "enterprises", "least_base": 60}, {"bandwidth": 900, "versus_from": "2023-06-01", "versus_to": "2024-06-01"}], ids=["density", "relative", "difference"])
def test_heat_is_drawn_in_the_colours_of_its_legend(server, leader, box, tmp_path, what):
    """Each place has the colour of its band of /heatmap/contours, on white, and what is masked has none; the paper says by which bandwidth, of how many events, and nothing of cells' classes."""
    asked = {"theme": "heat", "kind": "hazard", **what}
    pdf = draw(leader, server, format="pdf", **asked)
    text = text_of(pdf, tmp_path)
    contours = leader.get(server.base + "/heatmap/contours", params={"cell": ROOT_CELL, "kind": "hazard", **YEAR, **what}).json()
    grid = leader.get(server.base + "/heatmap/grid", params={"cell": ROOT_CELL, "kind": "hazard", **YEAR, **what, "spacing": 1000}).json()
    assert f"带宽{what['bandwidth']}米" in text and f"隐患：图上{grid['count']}（按发生地点），不在图上{grid['off_map']}（" in text and f"合计{grid['count'] + grid['off_map']}" in text and "个）" not in text and "归属口径" not in text
    assert ("企业过少" in text) == ("relative_to" in what) and ("减去时段" in text) == ("versus_from" in what)
    assert len(subprocess.run(["pdfimages", "-list", tmp_path / "map.pdf"], capture_output=True, text=True, check=True).stdout.splitlines()) <= 2, "all is drawn as vectors"
    picture = Picture(draw(leader, server, **asked), tmp_path, box, scale_of(text))
    seen = 0
    land = shapely.geometry.box(*box).buffer(-0.004)
    bands = [(shapely.geometry.shape(f["geometry"]).buffer(0), f["properties"]) for f in contours["features"]]
    masked = land.difference(shapely.ops.unary_union([shape for shape, _ in bands]))
    for shape, said in [*bands, (masked, None)]:
        inner = shape.buffer(-0.004).intersection(land)
        if inner.is_empty:
            continue
        inside = collections.Counter()
        chance, (west, south, east, north) = random.Random(2), inner.bounds
        while sum(inside.values()) < 60:
            p = shapely.geometry.Point(chance.uniform(west, east), chance.uniform(south, north))
            if inner.contains(p):
                inside[picture.colour(*picture.at(p.x, p.y))] += 1
        if said is None:
            assert "relative_to" in what and not {c for c in inside} & {f["properties"]["colour"][1:] for f in contours["features"]}, inside
            continue
        mixed = "".join(f"{round(int(said['colour'][i:i + 2], 16) * said['opacity'] + 255 * (1 - said['opacity'])):02x}" for i in (1, 3, 5))
        assert inside.most_common(1)[0][0] == mixed, (said, inside.most_common(3))
        seen += 1
    assert seen >= 2 and (masked.area > 1e-3) == ("relative_to" in what)


def test_points_are_drawn_over_it(server, leader, tmp_path):
    window = {"from": "2025-05-25", "to": "2025-06-01"}
    text = text_of(draw(leader, server, measure="hazard_density", points="enterprises,hazards", format="pdf", **window), tmp_path)
    listed = [h for h in leader.get(server.base + "/api/v1/hazards", params={"cell": ROOT_CELL, "limit": 1000, **window}).json()["items"] if h["lon"] is not None]
    assert f"隐患{len(listed)}处" in text and len(listed) > 3
    assert int(re.search(r"企业(\d+)家（圆面积", text)[1]) > 2000


def test_paper_and_resolution(server, leader, tmp_path):
    for paper, orientation, size in (("A3", "landscape", (420, 297)), ("A4", "portrait", (210, 297))):
        picture = draw(leader, server, measure="hazard_density", paper=paper, orientation=orientation, dpi=60).content
        assert [int.from_bytes(picture[i:i + 4], "big") for i in (16, 20)] == [round(mm * 60 / 25.4) for mm in size]
    assert draw(leader, server, measure="hazard_density", level="district", format="pdf").content.startswith(b"%PDF")
    accepted = leader.get(server.base + "/api/v1/maps", params={"within": ROOT_CELL, "level": "town", "theme": "risk", **YEAR}, headers={"Accept": "application/pdf"})
    assert accepted.headers["Content-Type"] == "application/pdf" and accepted.headers["ETag"]
    assert leader.get(accepted.url, headers={"Accept": "application/pdf", "If-None-Match": accepted.headers["ETag"]}).status_code == 304


def test_who_may_not_see_a_cell_gets_no_map_of_it(server, leader):
    town, other = leader.get(server.base + "/api/v1/cells", params={"within": ROOT_CELL, "level": "town", "limit": 2}).json()["items"]
    me = make(server, "map-viewer", "viewer", district=server.district(SIM), cell=town["id"])
    assert draw(me, server, within=town["id"], measure="hazard_density").content[1:4] == b"PNG"
    draw(me, server, 403, within=other["id"], measure="hazard_density")
    draw(me, server, 403, measure="hazard_density")


def test_what_is_asked_wrongly_is_told(server, leader):
    for query, field in (({}, "measure"), ({"measure": "nothing"}, "measure"), ({"theme": "risk", "measure": "hazard_density"}, "measure"), ({"theme": "hotspots", "measure": "risk_index"}, "measure"),
                         ({"measure": "hazard_density", "bbox": "1,2,3"}, "bbox"), ({"measure": "hazard_density", "bbox": "5,1,3,2"}, "bbox"), ({"measure": "hazard_density", "limits": "3,2"}, "limits"),
                         ({"measure": "hazard_density", "dpi": "1200"}, "dpi"), ({"measure": "hazard_density", "title": "长" * 81}, "title"), ({"theme": "key-regions", "level": "district"}, "level"), ({"theme": "heat"}, "kind"), ({"theme": "heat", "kind": "hazard", "mode": "as_is"}, "mode"),
                         ({"measure": "hazard_density", "bandwidth": 500}, "bandwidth"), ({"theme": "heat", "kind": "hazard", "measure": "hazard_density"}, "measure"), ({"theme": "heat", "kind": "hazard", "ramp": "blue_brown"}, "ramp")):
        answer = draw(leader, server, 400, **query)
        assert field in {e["field"] for e in answer.json()["errors"]}, (query, answer.text)
    without = draw(leader, server, 422, measure="hazard_density", title="\U0010fffd")
    assert "fonts-noto-cjk" in without.json()["detail"]
    village = leader.get(server.base + "/api/v1/cells", params={"within": ROOT_CELL, "level": "village", "limit": 1000}).json()["items"]
    bare = next(c["id"] for c in village if c["id"] not in shapes_of(leader, server, "village"))
    assert "shape" in draw(leader, server, 422, within=bare, measure="hazards_per_enterprise").json()["detail"]
