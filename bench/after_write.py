"""What a client pays after a write, in ms: the first tile with figures joined, which makes them anew for the whole district, the tile beside it, and the same
figures of /api/v1/figures after another write. Of Chicago's 801 villages, and of 20,000 that are made up (hotspots.py)."""
import math
import pathlib
import statistics
import subprocess
import tempfile
import time
import uuid

import requests

from hotspots import ROOT, SIDE, write

FIGURES = {"measures": "hazard_density", "from": "2024-01-01", "to": "2025-01-01"}


def tile_at(zoom, lon, lat):
    return int((lon + 180) / 360 * 2 ** zoom), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2 ** zoom)


def section(server, rounds):
    with tempfile.TemporaryDirectory() as folder:
        write(pathlib.Path(folder), SIDE)
        subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, pathlib.Path(folder) / "recipe.toml"], check=True, stdout=subprocess.DEVNULL)
    leader, office = [{"Authorization": server.session(name).headers["Authorization"]} for name in ("leader", "coordinator")]
    out = {}
    for scheme, lon, lat, villages in (("chicago", -87.68, 41.84, 801), ("grid", 117.7, 36.7, SIDE * SIDE)):
        district = server.district(scheme)

        def record():
            made = requests.post(server.base + "/api/v1/hazards", headers=office, json={"id": str(uuid.uuid4()), "district": district, "day": "2024-05-05", "source": "patrol", "grade": "general", "lon": lon, "lat": lat})
            assert made.status_code == 201, made.text

        def ms(target, **query):
            began = time.perf_counter()
            answer = requests.get(server.base + target, params={**FIGURES, **query}, headers=leader)
            assert answer.status_code == 200, answer.text[:300]
            return (time.perf_counter() - began) * 1000

        x, y = tile_at(12, lon, lat)
        seen = {"first tile": [], "next tile": [], "figures": []}
        for _ in range(max(5, rounds) + 1):  # the first of all makes the map, too
            record()
            seen["first tile"].append(ms(f"/tiles/villages/12/{x}/{y}.mvt"))
            seen["next tile"].append(ms(f"/tiles/villages/12/{x + 1}/{y}.mvt"))
            record()
            seen["figures"].append(ms("/api/v1/figures", within=f"code:{scheme}:{scheme}", level="village"))
        medians = {name: statistics.median(values[1:]) for name, values in seen.items()}
        out[f"after a write, {villages} villages, ms"] = {**medians, "first tile / figures": medians["first tile"] / medians["figures"]}
    return out
