#!/usr/bin/env python3
"""Makes the reference values of tests/unit/adjacency_test.cpp, in a virtual environment:

    pip install libpysal geopandas pyproj
    python tests/data/adjacency/make_references.py [villages.gpkg]

Neighbours are those of libpysal's Queen, which knows them by common vertices; the length of a common border is pyproj's, of shapely's
intersection. With the file named in SOURCE.md as an argument it cuts villages.fgb out of it anew."""
import importlib.metadata
import json
import pathlib
import random
import sys

import geopandas
from libpysal.weights import Queen
from pyproj import Geod

HERE = pathlib.Path(__file__).parent
GRS80 = Geod(ellps="GRS80")
VERSIONS = {name: importlib.metadata.version(name) for name in ("libpysal", "geopandas", "shapely", "pyproj")}


def metres(a, b):
    common = a.intersection(b)
    lines = [part for part in getattr(common, "geoms", [common]) if part.geom_type == "LineString"]
    return round(sum(GRS80.geometry_length(line) for line in lines), 4)


def contacts(areas):
    """Codes, and flat triples: index, index, metres of common border (0: a corner)."""
    areas = areas.sort_values("code").reset_index(drop=True)
    queen = Queen.from_dataframe(areas, use_index=False, silence_warnings=True)
    pairs = [(i, j, metres(areas.geometry[i], areas.geometry[j])) for i in range(len(areas)) for j in sorted(queen[i]) if j > i]
    return {"codes": areas.code.tolist(), "pairs": [value for pair in pairs for value in pair]}


def band():
    """Points, and flat triples of those at most 2,500 m apart."""
    dice = random.Random(4)
    points = [(round(117 + dice.random() / 10, 6), round(36 + dice.random() / 10, 6)) for _ in range(60)]
    pairs = [(i, j, GRS80.inv(*points[i], *points[j])[2]) for i in range(60) for j in range(i + 1, 60)]
    return {"points": [x for point in points for x in point], "metres": 2500, "pairs": [value for pair in pairs if pair[2] <= 2500 for value in pair]}


def main():
    if len(sys.argv) > 1:
        villages = geopandas.read_file(sys.argv[1], layer="village")
        villages = villages[villages.code.str.startswith("10018")].to_crs(4490)[["code", "name", "geometry"]]
        villages.to_file(HERE / "villages.fgb", driver="FlatGeobuf")
    content = {"made_by": "make_references.py", "versions": VERSIONS, "tracts": contacts(geopandas.read_file(HERE.parents[2] / "geodata/chicago/boundaries.gpkg", layer="tract")),
               "villages": contacts(geopandas.read_file(HERE / "villages.fgb")), "band": band()}
    (HERE / "references.json").write_text(json.dumps(content, separators=(",", ":")).replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    main()
