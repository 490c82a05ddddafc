"""The page's map in Chromium with software GL (web/bench/view.mjs): how long after opening a district of 801 villages stands there coloured,
with nothing of ours in the browser but the session and again, the bytes of its script, and how even the frames are while 19,881 villages are
dragged about. A machine with a graphics card draws faster: what these numbers say is what the page itself costs."""
import json
import os
import pathlib
import subprocess
import tempfile

import hotspots
from importing import ROOT


def section(server, rounds):
    with tempfile.TemporaryDirectory() as folder:
        hotspots.write(pathlib.Path(folder), hotspots.SIDE)
        subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, pathlib.Path(folder) / "recipe.toml"], check=True, stdout=subprocess.DEVNULL)
    top = {d["scheme"]: d["cell"] for d in server.session("leader").get(server.base + "/api/v1/districts").json()["items"]}
    grid, many = f"/?view=map&area={top['grid']}&day=2024-12-31&measure=hazard_density", hotspots.SIDE**2
    views = [{"name": "801 villages", "address": f"/?view=map&area={top['chicago']}", "villages": 801},
             {"name": f"all of {many} villages", "address": grid, "villages": many, "pan": True},
             {"name": f"some of {many} villages", "address": f"{grid}&extent=117.7,36.7,11", "villages": many, "pan": True}]
    environment = {**os.environ, "GRIDWARD": server.base, "PASSWORD": server.passwords["leader"], "ROUNDS": str(rounds), "VIEWS": json.dumps(views), "PICTURES": os.environ.get("BENCH_PICTURES", "")}
    done = subprocess.run(["node", "bench/view.mjs"], cwd=ROOT / "web", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {f"map of {name}, software rendering": seen for name, seen in json.loads(done.stdout).items()}
