"""Validation of Chicago's hierarchy, and its 801 tracts in 20 zones beside METIS (gpmetis -contig, then a repair that takes what lies apart to a neighbour): seconds,
and how even the loads are on the same graph."""
import collections
import json
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

from shapely.geometry import shape
from shapely.strtree import STRtree

ROOT = pathlib.Path(__file__).parents[1]
ZONES = 20


def graph(codes):
    """Neighbours of each tract by shapely, with at least about ten metres of common border."""
    lines = subprocess.run(["/usr/bin/ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", ROOT / "geodata/chicago/boundaries.gpkg", "tract", "-lco", "COORDINATE_PRECISION=17"],
                           capture_output=True, text=True, check=True).stdout.splitlines()
    shapes = {f["properties"]["code"]: shape(f["geometry"]) for f in map(json.loads, lines)}
    number, tree = {id(shapes[c]): i for i, c in enumerate(codes)}, STRtree([shapes[c] for c in codes])
    return [[number[id(o)] for o in tree.query(shapes[c]) if number[id(o)] != i and shapes[c].intersection(o).length > 1e-4] for i, c in enumerate(codes)]


def pieces(beside, zone, z):
    left, out = {i for i, of in enumerate(zone) if of == z}, []
    while left:
        queue, piece = [left.pop()], []
        while queue:
            piece.append(queue.pop())
            for j in beside[piece[-1]]:
                if j in left:
                    left.remove(j)
                    queue.append(j)
        out.append(piece)
    return sorted(out, key=len, reverse=True)


def repair(beside, zone, load):
    """What lies apart from the largest piece of its zone goes to the lightest zone beside it."""
    for _ in range(len(zone)):
        apart = [piece for z in range(ZONES) for piece in pieces(beside, zone, z)[1:]]
        if not apart:
            break
        sums = collections.Counter()
        for i, z in enumerate(zone):
            sums[z] += load[i]
        beyond = {zone[j] for i in apart[0] for j in beside[i]} - {zone[apart[0][0]]}
        for i in apart[0]:
            zone[i] = min(beyond, key=lambda z: sums[z])
    return zone


def imbalance(zone, load):
    sums = collections.Counter()
    for i, z in enumerate(zone):
        sums[z] += load[i]
    return max(sums.values()) / (sum(load) / ZONES)


def metis(folder, beside, load):
    """The best of METIS over its own settings of allowed imbalance and a few seeds; k-way with contiguity and recursive bisection. It takes a connected graph for
    that, so ground that lies apart (O'Hare) is a zone of its own and the rest is divided among the others."""
    whole = pieces(beside, [0] * len(load), 0)
    main, zones = sorted(whole[0]), ZONES - len(whole) + 1
    number = {u: i for i, u in enumerate(main)}
    near, weight = [[number[j] for j in beside[u]] for u in main], [load[u] for u in main]
    (folder / "graph").write_text(f"{len(main)} {sum(map(len, near)) // 2} 010\n" + "".join(f"{round(w)} {' '.join(str(j + 1) for j in of)}\n" for w, of in zip(weight, near)))
    best = 1e9
    for options in (["-ptype=kway", "-contig"], ["-ptype=kway", "-contig", "-niter=100", "-ncuts=10"], ["-ptype=rb", "-ncuts=10"]):
        for allowed in (1, 5, 30):
            for seed in range(5):
                subprocess.run(["gpmetis", *options, f"-ufactor={allowed}", f"-seed={seed}", folder / "graph", str(zones)], capture_output=True, check=True)
                part = repair(near, [int(z) for z in (folder / f"graph.part.{zones}").read_text().split()], weight)
                zone = [0] * len(load)
                for i, u in enumerate(main):
                    zone[u] = part[i]
                for n, piece in enumerate(whole[1:]):
                    for u in piece:
                        zone[u] = zones + n
                best = min(best, imbalance(zone, load))
    return best


def section(server, rounds):
    me = server.session("leader")
    whole, shapes, found = [], [], None
    for n in range(rounds):  # each with a parameter of its own, so that no answer is a kept one
        began = time.time()
        found = me.get(server.base + "/api/v1/findings", params={"within": "code:chicago:chicago", "limit": 1, "certificate_days": 90 + n}).json()
        whole.append(time.time() - began)
        said = subprocess.run([ROOT / "build/release/gridward", "check", "map", "--database", server.database], capture_output=True, text=True).stdout
        shapes.append(float(re.search(r"\(chicago\).* findings in (\d+) ms", said)[1]) / 1000)
    seconds, plan = [], None
    for n in range(rounds):
        began = time.time()
        plan = me.post(server.base + "/api/v1/reassignments/balance", json={"within": "code:chicago:chicago", "zones": ZONES}).json()
        seconds.append(time.time() - began)
    moves = sorted(plan["moves"], key=lambda m: m["cell"]["code"])
    load, ours = [m["minutes"] for m in moves], [m["to_zone"] for m in moves]
    beside = graph([m["cell"]["code"] for m in moves])
    with tempfile.TemporaryDirectory() as folder:
        theirs = metis(pathlib.Path(folder), beside, load)
    return {"validation of 801 tracts in 77 community areas, s": {"over REST": statistics.median(whole), "by gridward check map": statistics.median(shapes), "found": found["counts"]},
            f"801 tracts in {ZONES} zones": {"s": statistics.median(seconds), "max/mean": imbalance(ours, load), "bound": plan["bound"]["max_to_mean"],
                                             "METIS, the best of 45 runs, repaired: max/mean": theirs, "zones in several pieces": sum(len(pieces(beside, ours, z)) > 1 for z in range(ZONES))}}
