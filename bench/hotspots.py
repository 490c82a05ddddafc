"""Hot spots of 20,000 villages: seconds with 999 permutations, from the request to the last byte. The villages are made up, a kilometre wide
side by side, with winding borders of 19 edges each, and hazards in them."""
import itertools
import json
import math
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).parents[1]
SIDE = 141


def border(x, y, upright, step):
    t = step / 19
    wave = 0.08 * math.sin(2 * math.pi * t) * math.sin(5 * x + 3 * y)
    return (round(117 + 0.01 * (x + wave), 9), round(36 + 0.01 * (y + t), 9)) if upright else (round(117 + 0.01 * (x + t), 9), round(36 + 0.01 * (y + wave), 9))


def ring(x, y):
    return ([border(x, y, False, k) for k in range(19)] + [border(x + 1, y, True, k) for k in range(19)] + [border(x, y + 1, False, k) for k in range(19, 0, -1)] +
            [border(x, y, True, k) for k in range(19, -1, -1)])


def write(folder, side):
    rng = random.Random(1)
    with open(folder / "villages.geojson", "w") as shapes, open(folder / "hazards.csv", "w") as hazards:
        shapes.write('{"type":"FeatureCollection","features":[\n')
        hazards.write("key,day,cell\n")
        for i in range(side * side):
            x, y = i % side, i // side
            feature = {"type": "Feature", "properties": {"code": f"{i:06}", "name": f"village {i}"}, "geometry": {"type": "Polygon", "coordinates": [ring(x, y)]}}
            shapes.write((",\n" if i else "") + json.dumps(feature))
            for k in range(rng.randrange(5) + (6 if (x // 10 + y // 10) % 13 == 0 else 0)):
                hazards.write(f"{i}-{k},2024-{1 + k:02}-10,{i:06}\n")
        shapes.write("]}\n")
    (folder / "recipe.toml").write_text("""[district]
scheme = "grid"
time_zone = "Asia/Shanghai"
holds_from = 2020-01-01
synthetic = true
shape = "children"
[[table]]
kind = "district"
constants = { code = "grid", name = "grid" }
[[table]]
kind = "village"
file = "villages.geojson"
columns = { code = "code", name = "name" }
constants = { parent = "grid" }
[[table]]
kind = "hazard"
file = "hazards.csv"
columns = { key = "key", day = "day", cell_code = "cell" }
constants = { source = "patrol", grade = "general" }
""")


def section(server, rounds):
    with tempfile.TemporaryDirectory() as folder:
        write(pathlib.Path(folder), SIDE)
        subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, pathlib.Path(folder) / "recipe.toml"], check=True, stdout=subprocess.DEVNULL)
    bearer, seeds = server.session("leader").headers["Authorization"], itertools.count(1)

    def seconds(**more):
        """Each with a seed of its own, so that no answer is a kept one."""
        query = {"within": "code:grid:grid", "level": "village", "measure": "hazard_density", "from": "2024-01-01", "to": "2025-01-01", "permutations": 999, "seed": next(seeds), **more}
        began = time.time()
        answer = requests.get(server.base + "/api/v1/hotspots", params=query, headers={"Authorization": bearer})
        took = time.time() - began
        assert answer.status_code == 200 and answer.json()["n"] == SIDE * SIDE, answer.text[:300]
        return took

    first = seconds()  # who touches whom is found
    seen = {name: [] for name in ("all", "gi_star", "z only")}
    for _ in range(rounds):
        seen["all"].append(seconds())
        seen["gi_star"].append(seconds(statistic="gi_star"))
        seen["z only"].append(seconds(statistic="gi_star", permutations=0))
    return {f"hot spots of {SIDE * SIDE} villages, s": {"first": first, **{name: statistics.median(values) for name, values in seen.items()}}}
