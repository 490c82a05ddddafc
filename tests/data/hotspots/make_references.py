#!/usr/bin/env python3
"""Makes the reference values of tests/api/test_hotspots.py, in a virtual environment:

    pip install numpy esda libpysal geopandas pyproj shapely
    python tests/data/hotspots/make_references.py

Two maps: the census tracts of Chicago with the complaints of 2014, placed by shapely, and the villages of tests/data/adjacency with counts
that are drawn here. Areas are pyproj's, neighbours those of tests/data/adjacency/references.json (libpysal's, with pyproj's lengths): rook
shares 10 m of border. Rates, Gi* and Moran are esda's, each p from 99,999 permutations."""
import csv
import gzip
import importlib.metadata
import json
import pathlib

import geopandas
import numpy as np
from esda.getisord import G_Local
from esda.moran import Moran, Moran_Local
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes, assuncao_rate
from libpysal.weights import W
from pyproj import Geod
from shapely import STRtree
from shapely.geometry import Point

HERE = pathlib.Path(__file__).parent
TESTS = HERE.parents[1]
GRS80 = Geod(ellps="GRS80")
VERSIONS = {name: importlib.metadata.version(name) for name in ("numpy", "esda", "libpysal", "geopandas", "shapely", "pyproj")}


def complaints(tracts):
    """Of 2014, by tract: on a shared border the lowest code in byte order; the first of a repeated request number."""
    tree, seen, out = STRtree(tracts.geometry.values), set(), np.zeros(len(tracts))
    for row in csv.DictReader(gzip.open(TESTS.parent / "geodata/chicago/hazards.csv.gz", "rt")):
        if row["request_no"] in seen:
            continue
        seen.add(row["request_no"])
        if row["created"].startswith("2014") and row["longitude"]:
            found = tree.query(Point(float(row["longitude"]), float(row["latitude"])), predicate="intersects")
            if len(found):
                out[min(found)] += 1  # they are sorted by code
    return out


def drawn(villages):
    """Counts of a rate of 2 per km², eight times that in a corner of the map."""
    rng = np.random.default_rng(10018)
    km2 = areas_of(villages)
    middle = villages.geometry.representative_point()
    hot = (middle.x < middle.x.quantile(0.25)) & (middle.y < middle.y.quantile(0.3))
    return rng.poisson(np.minimum(km2, 4) * np.where(hot, 16, 2)).astype(float)


def areas_of(shapes):
    return np.array([abs(GRS80.geometry_area_perimeter(g)[0]) / 1e6 for g in shapes.geometry])


def weights(n, triples, least):
    lists = {i: [] for i in range(n)}
    for i, j, metres in zip(triples[::3], triples[1::3], triples[2::3]):
        if metres >= least:
            lists[int(i)].append(int(j))
            lists[int(j)].append(int(i))
    return W(lists, id_order=list(range(n)), silence_warnings=True)


def plain(values, digits=None):
    """null for what is no number: of islands, by the path of some statistics."""
    return [None if not np.isfinite(v) else float(v) if digits is None else round(float(v), digits) for v in values]


def tails(simulated, observed):
    """The parts of the permutations that are at least and at most the observed value; what differs by rounding only is a tie, and in both."""
    slack = 1e-9 * np.abs(simulated).max(axis=0)
    return plain((simulated >= observed - slack).mean(axis=0), 5), plain((simulated <= observed + slack).mean(axis=0), 5)


def statistics(z, w):
    """G_Local divides by the sum of the values, whose sign would be that of its z; Gi* is the same after a shift."""
    np.random.seed(13)
    g = G_Local(z - z.min(), w, transform="B", star=True, permutations=99999, seed=11, n_jobs=1)
    local = Moran_Local(z, w, permutations=99999, seed=12, n_jobs=1)
    whole = Moran(z, w, permutations=9999)
    return {"gi_star": plain(g.Zs), "gi_star_tails": tails(g.sim, g.Gs), "moran": plain(local.Is * len(z) / (len(z) - 1)),
            "moran_tails": tails(local.sim, local.Is), "quadrant": local.q.tolist(),
            "global": {"i": whole.I, "expectation": whole.EI, "variance": whole.VI_rand, "z": whole.z_rand, "p_normal": whole.p_rand}}


def one(shapes, codes, events, triples):
    shapes = shapes.set_index("code").loc[codes].reset_index()
    e, b = events(shapes), areas_of(shapes)
    z = assuncao_rate(e, b)
    rook, queen = weights(len(e), triples, 10), weights(len(e), triples, 0)
    return {"codes": codes, "events": e.astype(int).tolist(), "km2": b.tolist(), "smoothed": plain(Empirical_Bayes(e, b).r.ravel()),
            "smoothed_locally": plain(Spatial_Empirical_Bayes(e, b, rook).r.ravel()), "standardised": z.tolist(), "rook": statistics(z, rook), "queen": statistics(z, queen)}


def main():
    known = json.loads((TESTS / "data/adjacency/references.json").read_text())
    tracts = geopandas.read_file(TESTS.parent / "geodata/chicago/boundaries.gpkg", layer="tract")
    villages = geopandas.read_file(TESTS / "data/adjacency/villages.fgb")
    content = {"made_by": "make_references.py", "versions": VERSIONS, "tracts": one(tracts, known["tracts"]["codes"], complaints, known["tracts"]["pairs"]),
               "villages": one(villages, known["villages"]["codes"], drawn, known["villages"]["pairs"])}
    (HERE / "references.json").write_text(json.dumps(content, separators=(",", ":"), allow_nan=False).replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    main()
