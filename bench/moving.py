"""A village with 1,000 enterprises and 100,000 events goes to another town, and back: seconds of the request that applies it, of the first figures after it, and what
those must be: the towns' of before, with the village's added to one and taken from the other. What is kept is then counted anew from the events."""
import pathlib
import statistics
import subprocess
import tempfile
import time

from importing import ROOT
from plans import District, psql

VILLAGE = "V01"  # of four
MEASURES = "hazard_density,open_hazard_density,inspection_visits"


def numerators(land, level):
    """The numerators of each cell, and the seconds that the answer took."""
    began = time.perf_counter()
    answer = land.leader.get(land.server.base + "/api/v1/figures", params={"within": land.code("D"), "level": level, "mode": "as_is", "measures": MEASURES, "from": "2022-01-01", "to": "2026-01-01"})
    took = time.perf_counter() - began
    assert answer.status_code == 200, answer.text
    return {row["cell"]["code"]: [row["figures"][m]["numerator"] for m in MEASURES.split(",")] for row in answer.json()["rows"] if row["cell"]}, took


def section(server, rounds):
    with tempfile.TemporaryDirectory() as folder:
        land = District(server, pathlib.Path(folder), "moving", 1, 121.0, rows=1, enterprises=4_300, events=330_000)
    moved = numerators(land, "village")[0][VILLAGE]
    seen = {"apply": [], "first figures": []}
    for n in range(2 * rounds):
        leaving, joining = ("T0", "T1") if n % 2 == 0 else ("T1", "T0")
        was = numerators(land, "town")[0]
        plan = land.draft({"kind": "move_cell", "cell": land.code(VILLAGE), "parent": land.code(joining)})
        plan = land.act(plan, "approve", who=land.approver) if plan["needs_approval"] else plan
        began = time.perf_counter()
        land.act(plan, "apply")
        seen["apply"].append(time.perf_counter() - began)
        now, took = numerators(land, "town")
        seen["first figures"].append(took)
        assert now[leaving] == [a - b for a, b in zip(was[leaving], moved)] and now[joining] == [a + b for a, b in zip(was[joining], moved)]
    checked = subprocess.run([ROOT / "build/release/gridward", "check", "figures", "--database", server.database], capture_output=True, text=True).stdout
    assert f"district {land.id} (moving): 0 counts differ from the events" in checked, checked  # of other districts, "written" has left what is not counted
    has = psql(server, f"select count(*) from cell_parent where parent_id = {land.cell[VILLAGE]} and upper_inf(recorded) and upper_inf(valid)").strip()
    return {f"moving a village of {has} enterprises with {moved[0]} hazards and {moved[2]} inspections, s": {name: statistics.median(values) for name, values in seen.items()}}
