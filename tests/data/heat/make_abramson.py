#!/usr/bin/env python3
"""Abramson's bandwidths on the points of references.json, for tests/unit/bandwidth_test.cpp: python3 make_abramson.py > abramson.json. Exact where spatstat looks at pixels: a kernel's part
inside the L is known by the normal distribution."""
import json
import math

L = [(0, 0, 6000, 2000), (0, 2000, 2500, 5000)]  # west, south, east, north
H = 500.0


def cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


def part_inside(x, y):
    return sum((cdf((e - x) / H) - cdf((w - x) / H)) * (cdf((n - y) / H) - cdf((s - y) / H)) for w, s, e, n in L)


points = json.load(open("references.json"))["points"]
density = [sum(math.exp(-((x - u) ** 2 + (y - v) ** 2) / (2 * H * H)) for u, v in points) / (2 * math.pi * H * H) / part_inside(x, y) for x, y in points]
mean = math.exp(sum(map(math.log, density)) / len(density))
print(json.dumps([H * (d / mean) ** -0.5 for d in density]))
