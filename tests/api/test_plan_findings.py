"""What a reassignment plan makes of the findings: it is validated on the map that is foreseen, against that which is there."""
import random

import pyproj
import pytest
from shapely.geometry import Point, Polygon

from plans import STEP, District, ring
from test_findings import findings
from test_rights import make

GRS80 = pyproj.Geod(ellps="GRS80")
HOLE = 4.8e-6  # degrees of half the side of a hole of not quite a square metre: what a border may lose without saying to whom


def area(geometry):
    return abs(GRS80.geometry_area_perimeter(geometry)[0])


def square(lon, lat, half=HOLE):
    return [[lon - half, lat - half], [lon - half, lat + half], [lon + half, lat + half], [lon + half, lat - half], [lon - half, lat - half]]


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return District(server, tmp_path_factory.mktemp("plan-findings"), "planfind", 4, 121.0, enterprises=6, events=10)


def box(office, village):
    west, south = office.box[village]
    return ring(west, south, round(west + STEP, 6), round(south + STEP, 6))


def spot(office, village, seed):
    west, south = office.box[village]
    rng = random.Random(seed)
    return tuple(o + STEP * rng.uniform(0.1, 0.9) for o in (west, south))


def pierced(office, village, seed):
    """A draft that leaves a hole of 1 m² in a village, and the hole."""
    shape, hole = box(office, village), square(*spot(office, village, seed))
    shape["coordinates"].append(hole)
    return office.draft({"kind": "boundary", "cell": office.code(village), "geometry": shape}), Polygon(hole)


def validated(office, plan, who=None):
    answer = (who or office.coordinator).post(office.url(plan["id"], "validate"))
    assert answer.status_code == 200, answer.text
    return answer.json()["findings"]


def known(office):
    return {f["id"]: f["kind"] for f in findings(office.leader, office.server, within=office.code("D"))}


@pytest.mark.parametrize("seed", range(3))
def test_a_hole_is_one_new_finding_and_its_mending_solves_it(office, seed):
    before, village = known(office), f"V{seed % 2}{seed}"
    plan, hole = pierced(office, village, seed)
    told = validated(office, plan)
    (gap,) = told["new"]
    assert (gap["kind"], gap["severity"], gap["cell"]["code"], gap["sliver"]) == ("gap", "error", f"T{seed % 2}", False)
    assert gap["area_m2"] == pytest.approx(area(hole), rel=0.01) and hole.contains(Point(gap["lon"], gap["lat"]))
    assert told["solved"] == [] and told["counts"]["new"] == {"gap": 1} and sum(told["counts"]["standing"].values()) == len(before)
    assert known(office) == before, "nothing was done"
    office.act(office.act(plan, "approve", who=office.approver), "apply")
    assert known(office) == {**before, gap["id"]: "gap"}
    mending = office.draft({"kind": "boundary", "cell": office.code(village), "geometry": box(office, village)})
    told = validated(office, mending)
    assert told["new"] == [] and [f["id"] for f in told["solved"]] == [gap["id"]] and told["counts"]["solved"] == {"gap": 1}
    office.act(office.act(mending, "approve", who=office.approver), "apply")
    assert known(office) == before


def test_each_is_told_of_his_own_area(office):
    plan, _ = pierced(office, "V10", 9)
    mine, other = (make(office.server, f"planfind-{town}", "leader", district=office.id, cell=office.cell[town]) for town in ("T1", "T0"))
    assert [f["kind"] for f in validated(office, plan, mine)["new"]] == ["gap"]
    assert other.post(office.url(plan["id"], "validate")).status_code == 403
    both = office.draft({"kind": "move_cell", "cell": office.code("V11"), "parent": office.code("T0")})
    whole, part = validated(office, both), validated(office, both, other)
    assert sum(part["counts"]["standing"].values()) < sum(whole["counts"]["standing"].values())
    assert all(c["code"] is None or c["code"].startswith(("T0", "V0", "D", "V11")) for f in part["new"] + part["solved"] for c in [f["cell"], *f["others"]])
