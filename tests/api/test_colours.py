"""One value, one colour: the legend of figures against CIE's lightness and docs/figures.md, and that tiles, days, accounts and paper have that legend and no other."""
import re

from contract import ROOT
from own_map import ROOT_CELL, SIM, bounds_of, leader, server  # noqa: F401
from test_layers import YEAR, whole_map
from test_rights import make
from test_tiles import describe

RISK = ["#d7301f", "#fd8d3c", "#fee441", "#4292c6"]


def legend(session, server, status=200, **query):
    answer = session.get(server.base + "/api/v1/figures/legend", params=query)
    assert answer.status_code == status, answer.text
    return answer.json()["legend"] if status == 200 else answer.json()


def lightness(colour):
    """L* of CIE 1976 of an sRGB colour: what is left of it in a copy without colours, and to whoever does not tell them apart."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))]
    y = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear))
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def test_every_measure_has_its_classes(server, leader):
    all_of_them = legend(leader, server)
    rows = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs/figures.md").read_text(), re.M)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row) if not name.endswith("_")} <= set(all_of_them) and len(all_of_them) >= 40
    for measure, of in all_of_them.items():
        classes = of["classes"]
        assert classes[0]["low"] == 0 and all(a["high"] == b["low"] and a["high"] > a["low"] for a, b in zip(classes, classes[1:])), measure
        assert classes[-1]["high"] == {"1": 1, "risk grade": 4}.get(of["unit"]), measure
        colours = [c["colour"] for c in classes]
        if of["tendency"] == "risk":
            assert colours == RISK
            continue
        steps = [lightness(a) - lightness(b) for a, b in zip([of["zero"], *colours], colours)]
        assert min(steps) > 8, (measure, steps)
        assert not {*colours, of["zero"], of["no_data"]} & set(RISK) and of["no_data"] not in colours, measure
    units = {of["unit"]: [(c["low"], c["high"]) for c in of["classes"]] for of in all_of_them.values()}
    assert all([(c["low"], c["high"]) for c in of["classes"]] == units[of["unit"]] for of in all_of_them.values()), "one scale by unit"
    assert legend(leader, server, measures="hazard_density") == {"hazard_density": all_of_them["hazard_density"]}
    assert "measures" in {e["field"] for e in legend(leader, server, 400, measures="danger")["errors"]}


def test_figures_have_the_unit_of_their_legend(server, leader):
    all_of_them = legend(leader, server)
    rows = leader.get(server.base + "/api/v1/figures", params={"within": ROOT_CELL, "level": "town", **YEAR, "measures": ",".join(all_of_them)}).json()["rows"]
    assert all(figure["unit"] == all_of_them[measure]["unit"] for row in rows for measure, figure in row["figures"].items())


def test_tiles_of_any_day_and_whoever_looks_have_it(server, leader):
    """A part of the district, another window and the other datum change what is drawn, never what a colour means."""
    town = leader.get(server.base + "/api/v1/cells", params={"within": ROOT_CELL, "level": "town"}).json()["items"][0]
    part = make(server, "coloured", "viewer", district=server.district(SIM), cell=town["id"])
    wanted = legend(leader, server, measures="hazard_density,inspection_coverage")
    assert legend(part, server, measures="hazard_density,inspection_coverage") == wanted
    for session, layer, datum, window in ((leader, "villages", "", YEAR), (part, "villages", "", YEAR), (leader, "towns", "", {"from": "2023-01-01", "to": "2023-02-01"}), (leader, "villages", "gcj02/", YEAR)):
        assert describe(session, server, layer, datum, measures="hazard_density,inspection_coverage", **window)["legend"] == wanted
    assert "legend" not in describe(leader, server, "villages")
    assert [c["colour"] for c in describe(leader, server, "risk", level="town", **YEAR)["legend"]["risk_highest"]["classes"]] == RISK


def test_a_cell_has_one_value_at_every_zoom(server, leader):
    """What a colour is made of: the same of a cell in each tile that shows it, from the whole country to a street."""
    box, seen = bounds_of(server, leader, SIM), {}
    for zoom in (6, 9, 11, 13):
        for cell, feature in whole_map(leader, server, box, "villages", zoom, measures="hazard_density", **YEAR).items():
            seen.setdefault(cell, set()).add(feature.tags.get("hazard_density", feature.tags.get("hazard_density_reason")))
    assert len(seen) > 100 and all(len(values) == 1 for values in seen.values())
