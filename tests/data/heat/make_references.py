#!/usr/bin/env python3
"""Kernel densities by scipy, for tests/unit/surface_test.cpp: python3 make_references.py > references.json (scipy 1.17).

The region is an L of two rectangles, over which a Gaussian kernel is integrated exactly by the normal distribution. Densities are those at single places by
scipy.stats.multivariate_normal, and Scott's factor is that of scipy.stats.gaussian_kde."""
import json

import numpy
from scipy import stats

random = numpy.random.default_rng(20260101)
L = [(0, 0, 6000, 2000), (0, 2000, 2500, 5000)]  # west, south, east, north
H = 500.0


def inside(x, y):
    return any(w <= x <= e and s <= y <= n for w, s, e, n in L)


def part_inside(x, y):
    return sum((stats.norm.cdf((e - x) / H) - stats.norm.cdf((w - x) / H)) * (stats.norm.cdf((n - y) / H) - stats.norm.cdf((s - y) / H)) for w, s, e, n in L)


def density(places, points, weights, correction):
    out = []
    for x, y in places:
        k = stats.multivariate_normal.pdf(points, mean=[x, y], cov=H * H)
        if correction == "jones_diggle":
            k = k / numpy.array([part_inside(*p) for p in points])
        d = float(numpy.sum(weights * k))
        out.append(d / part_inside(x, y) if correction == "uniform" else d)
    return out


points = []
while len(points) < 60:
    x, y = random.uniform(0, 6000), random.uniform(0, 5000)
    if inside(x, y):
        points.append((round(x, 3), round(y, 3)))
points = numpy.array(points)
weights = random.integers(1, 6, len(points)).astype(float)
places = [(x + 12.5, y + 12.5) for x in range(0, 6000, 475) for y in range(0, 5000, 475) if inside(x, y)]
kde = stats.gaussian_kde(points.T, weights=weights)
print(json.dumps({
    "bandwidth": H, "points": points.tolist(), "weights": weights.tolist(), "places": places,
    "density": {c: density(places, points, weights, c) for c in ("none", "uniform", "jones_diggle")},
    "scott_factor": float(kde.scotts_factor()), "covariance": kde._data_covariance.tolist()}, indent=0))
