#!/usr/bin/env python3
"""Makes the reference values of tests/unit/{special,rates,smooth,cluster,timing}_test.cpp, in a virtual environment:

    pip install numpy scipy esda libpysal lifelines statsmodels geopandas mpmath
    python tests/data/stats/make_references.py && Rscript tests/data/stats/make_references.R

Each value comes from another's library, or from a formula of a paper written over scipy's distributions, never from our code. The
second command (Debian: r-cran-spdep r-cran-survival r-cran-jsonlite) adds those of R, from the same inputs."""
import importlib.metadata
import json
import pathlib
import warnings

import geopandas
import mpmath
import numpy as np
import pandas as pd
import scipy.stats as st
from esda.getisord import G_Local
from esda.moran import Moran, Moran_Local
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes, assuncao_rate
from libpysal.weights import DistanceBand, Queen, W
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson_2indep

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent
CHICAGO = HERE.parents[2] / "geodata/chicago"
VERSIONS = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "esda", "libpysal", "lifelines", "statsmodels", "geopandas", "mpmath")}


def plain(x):
    """As JSON has it: no numpy, no NaN, no infinity."""
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(value) for value in x]
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    if isinstance(x, (float, np.floating)):
        return float(x) if np.isfinite(x) else None
    return x


def write(name, content):
    text = json.dumps(plain({"made_by": "make_references.py", "versions": VERSIONS, **content}), separators=(",", ":"), ensure_ascii=False)
    (HERE / name).write_text(text.replace('},{', '},\n{') + "\n")


# Inputs.

def chicago():
    """The 77 community areas: complaints of 2014 and food establishments in them, inspected ones among these, queen neighbours."""
    areas = geopandas.read_file(CHICAGO / "boundaries.gpkg", layer="community_area").sort_values("code", key=lambda c: c.astype(int)).reset_index(drop=True)

    def points(file):
        table = pd.read_csv(CHICAGO / file).dropna(subset=["longitude", "latitude"])
        return geopandas.GeoDataFrame(table, geometry=geopandas.points_from_xy(table.longitude, table.latitude), crs=4326)

    def count(rows):
        placed = geopandas.sjoin(rows, areas[["geometry"]], predicate="within")
        return placed.groupby("index_right").size().reindex(range(len(areas)), fill_value=0).to_numpy()

    hazards = points("hazards.csv.gz")
    hazards = hazards[(hazards.created >= "2014-01-01") & (hazards.created < "2015-01-01")]
    establishments = points("establishments.csv.gz")
    inspections = pd.read_csv(CHICAGO / "inspections.csv.gz")
    seen = inspections[inspections.inspection_date.str.startswith("2013")].license_no.unique()
    neighbours = Queen.from_dataframe(areas, use_index=False)
    return {"code": areas.code.tolist(), "events": count(hazards), "exposure": count(establishments),
            "inspected": count(establishments[establishments.license_no.isin(seen)]), "neighbours": [sorted(neighbours[i]) for i in range(len(areas))]}


def durations():
    """Days from a complaint to its completion; those of the end of 2014 are mostly open on its last day."""
    table = pd.read_csv(CHICAGO / "hazards.csv.gz")
    table = table[(table.created >= "2014-11-01") & (table.created < "2015-01-01")].sort_values("request_no").iloc[::12]
    created = pd.to_datetime(table.created)
    end = pd.Timestamp("2015-01-01")
    done = pd.to_datetime(table.completed).where(lambda day: day < end)
    return {"days": (done.fillna(end) - created).dt.days.tolist(), "closed": done.notna().astype(int).tolist()}


# Smoothing. esda does not cut the variance off at 0: those cases come from R's spdep (make_references.R) and from the formula.

def smoothing(areas):
    cases = {
        "plain": ([1, 3, 60, 4, 0, 30], [2, 60, 200, 25, 3, 40]),
        "clipped": ([1, 12, 30, 4, 0, 9], [2, 60, 200, 25, 3, 40]),
        "assuncao": ([30, 25, 25, 15, 33, 21, 30, 20], [100, 100, 110, 90, 100, 90, 110, 90]),
        "chicago": (areas["events"], areas["exposure"]),
    }
    out = []
    for name, (e, b) in cases.items():
        e, b = np.asarray(e, float), np.asarray(b, float)
        m = e.sum() / b.sum()
        variance = (b * (e / b - m) ** 2).sum() / b.sum() - m / b.mean()
        theta = Empirical_Bayes(e, b).r.ravel() if variance > 0 else np.full(len(e), m)
        expected = m * b
        x2 = ((e - expected) ** 2 / expected).sum()
        k, share = len(e), b / b.sum()
        spread = 2 * (k - 1) + ((1 / share).sum() - k * k - 2 * k + 2) / e.sum()  # Haldane 1937
        stretch = spread / (2 * (k - 1))
        out.append({"name": name, "events": e, "exposure": b, "mean": m, "variance_moment": variance, "rate": theta,
                    "standardised": assuncao_rate(e, b), "chi_square": st.chisquare(e, expected).statistic, "p": st.chi2.sf(x2 / stretch, (k - 1) / stretch)})
    w = W({i: list(near) for i, near in enumerate(areas["neighbours"])}, id_order=list(range(len(areas["code"]))))
    local = Spatial_Empirical_Bayes(areas["events"].astype(float), areas["exposure"].astype(float), w).r.ravel()
    write("smooth.json", {"cases": out, "local": local, "shares": shares_of(areas)})


def shares_of(areas):
    """Martuzzi and Elliott's moments over each neighbourhood, and over all for standardised shares: no library has these two."""
    e, b = np.asarray(areas["inspected"], float), np.asarray(areas["exposure"], float)

    def moments(i):
        m = e[i].sum() / b[i].sum()
        mean = b[i].mean()
        return m, ((b[i] * (e[i] / b[i] - m) ** 2).sum() / b[i].sum() - m * (1 - m) / mean) * mean / (mean - 1)

    local = []
    for i, near in enumerate(areas["neighbours"]):
        m, a = moments([i, *near])
        a = max(0, a)
        w = a / (a + (m * (1 - m) - a) / b[i])
        local.append(w * e[i] / b[i] + (1 - w) * m)
    m, a = moments(np.arange(len(e)))
    return {"local": local, "standardised": (e / b - m) / np.sqrt(a + (m * (1 - m) - a) / b)}


# Clusters. p: of 99,999 permutations, the share of each tail, in which a value counts that is as large as the observed one.

def weights_of(lists):
    return W({i: list(near) for i, near in enumerate(lists)}, id_order=list(range(len(lists))), silence_warnings=True)


def lattice():
    """12 x 12 squares by rook, and an island; skewed values with a hot corner."""
    rng = np.random.default_rng(5)
    side = 12
    lists = [[j for j in (i - side, i + side) if 0 <= j < side * side] + [i + d for d in (-1, 1) if 0 <= i % side + d < side] for i in range(side * side)] + [[]]
    values = rng.gamma(0.8, 2.0, len(lists)).round(3)
    values[[0, 1, 2, side, side + 1, 2 * side]] += 5
    return values, lists


def clusters(areas):
    cases = [("chicago", assuncao_rate(areas["events"].astype(float), areas["exposure"].astype(float)), areas["neighbours"]), ("lattice", *lattice())]
    out = []
    np.random.seed(13)
    for name, x, lists in cases:
        x = np.asarray(x, float)
        g = G_Local(x, weights_of(lists), transform="B", star=True, permutations=99999, seed=11, n_jobs=1)
        local = Moran_Local(x, weights_of(lists), permutations=99999, seed=12, n_jobs=1)
        whole = Moran(x, weights_of(lists), permutations=99999)
        out.append({"name": name, "values": x, "neighbours": lists, "gi_star": g.Zs, "gi_star_above": (g.sim >= g.Gs).mean(axis=0), "gi_star_p_normal": 2 * g.p_norm,
                    "moran": local.Is, "moran_above": (local.sim >= local.Is).mean(axis=0), "quadrant": local.q, "expectation": local.EIc, "variance": local.VIc,
                    "global": {"i": whole.I, "expectation": whole.EI, "variance": whole.VI_rand, "z": whole.z_rand, "p_normal": whole.p_rand, "above": (whole.sim >= whole.I).mean()}})
    points = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    band = DistanceBand(points, threshold=15)
    y = [2, 3, 3.2, 5, 8, 7]
    p = np.sort(st.norm.sf(np.linspace(0, 4, 40)))[::-1].round(5)
    write("cluster.json", {"cases": out, "band": {"values": y, "neighbours": [sorted(band[i]) for i in range(6)], "gi_star": G_Local(y, band, transform="B", star=True, permutations=0).Zs},
                           "false_discovery": {"p": p, "adjusted": st.false_discovery_control(p)}})


# Time to an end. R has the standard errors (make_references.R reads the cases from inputs.json).

def spells():
    hazards = durations()
    rng = np.random.default_rng(8)
    time = rng.weibull(0.8, 60).round(2) * 20
    return [{"name": "domain", "time": [2, 3, 5, 40, 60], "ended": [1, 1, 1, 0, 0], "horizon": 50},
            {"name": "ties and zeros", "time": [0, 0, 1, 1, 2, 2, 2, 3], "ended": [1, 0, 1, 1, 1, 0, 1, 1], "horizon": 3},
            {"name": "chicago", "time": hazards["days"], "ended": hazards["closed"], "horizon": 30},
            {"name": "weibull", "time": time, "ended": (rng.random(60) < 0.7).astype(int), "horizon": 25.5}]


def timing(cases):
    out = []
    for case in cases:
        fit = KaplanMeierFitter().fit(case["time"], case["ended"])
        table = fit.event_table[fit.event_table.observed > 0]
        band = fit.confidence_interval_.loc[table.index]
        ends = median_survival_times(fit.confidence_interval_)
        out.append({"name": case["name"], "times": table.index.to_numpy(), "at_risk": table.at_risk.to_numpy(), "ended": table.observed.to_numpy(),
                    "survival": fit.survival_function_.loc[table.index].to_numpy().ravel(), "low": band.iloc[:, 0].to_numpy(), "high": band.iloc[:, 1].to_numpy(),
                    "median": fit.median_survival_time_, "median_low": ends.iloc[0, 0], "median_high": ends.iloc[0, 1]})
    write("timing.json", {"cases": out})


def special():
    rng = np.random.default_rng(1)
    gamma = [[a, x, st.gamma.cdf(x, a), st.gamma.sf(x, a)] for a in (0.03, 0.5, 1, 7.25, 180, 2.5e4) for x in a * np.array([0.02, 0.7, 1, 1.02, 1.8]) + 1e-3]
    gamma_quantiles = [[a, p, st.gamma.ppf(p, a)] for a in (0.05, 0.4, 1, 3, 55.5, 1e5) for p in (0.001, 0.025, 0.5, 0.975, 0.999)]
    beta = [[a, b, x, st.beta.cdf(x, a, b)] for a, b in ((0.2, 3), (1, 1), (4, 0.7), (30, 500), (2e3, 1e3)) for x in rng.beta(a, b, 4)]
    beta_quantiles = [[a, b, p, st.beta.ppf(p, a, b)] for a, b in ((0.3, 2), (1, 4), (5, 1), (20, 300), (9e3, 12)) for p in (0.001, 0.025, 0.5, 0.975)]
    def pmf(k, mu):  # scipy's loses six digits at 40,000
        return float(mpmath.exp(k * mpmath.log(mpmath.mpf(mu)) - mu - mpmath.loggamma(k + 1)))

    mpmath.mp.dps = 40
    poisson = [[k, mu, pmf(k, mu), st.poisson.cdf(k, mu)] for mu in (0.3, 4.5, 90, 4e4) for k in sorted({int(mu * f) for f in (0, 0.9, 1.02, 1.2)})]
    binomial = [[k, n, p, st.binom.pmf(k, n, p), st.binom.cdf(k, n, p)] for n, p in ((1, 0.4), (12, 0.9), (300, 0.02), (5000, 0.6)) for k in sorted({0, int(n * p), min(n, int(n * p * 1.05) + 1), n})]
    write("special.json", {"gamma": gamma, "gamma_quantiles": gamma_quantiles, "beta": beta, "beta_quantiles": beta_quantiles, "poisson": poisson, "binomial": binomial})


# Rates. R has the exact ratio (make_references.R).

def fay_feuer(counts, weights):
    """Fay and Feuer 1997, (4) and (5), over scipy's chi-square."""
    k, w = np.asarray(counts, float), np.asarray(weights, float)
    y, v, m = (w * k).sum(), (w * w * k).sum(), w.max()
    low = v / (2 * y) * st.chi2.ppf(0.025, 2 * y * y / v) if y else 0.0
    return low, (v + m * m) / (2 * (y + m)) * st.chi2.ppf(0.975, 2 * (y + m) ** 2 / (v + m * m))


def spiegelhalter(p, target, n, binomial):
    """Spiegelhalter 2005, appendix A.1.1, over scipy's distributions."""
    d = st.binom(n, target) if binomial else st.poisson(target * n)
    r = d.ppf(p)
    return max(0.0, (r - (d.cdf(r) - p) / d.pmf(r)) / n)


def rates():
    rng = np.random.default_rng(3)
    counts = [[k, *st.chi2.ppf([0.025, 0.975], [2 * k, 2 * k + 2]) / 2] for k in (1, 2, 3, 10, 57, 250, 40000)]
    shares = [[k, n, *proportion_confint(k, n, method="wilson"), *proportion_confint(k, n, method="beta")] for k, n in ((0, 3), (1, 4), (2, 2), (95, 100), (500, 20000))]
    pairs = [(12, 100.0, 30, 160.0), (0, 5.5, 4, 3.0), (7, 2.0, 1, 9.0), (250, 365.0, 300, 366.0), (3, 80.0, 3, 80.0)]
    differences = [[*pair, *confint_poisson_2indep(*pair, method="mover", compare="diff", method_mover="exact-c")] for pair in pairs]
    two_shares = [(12, 100, 30, 160), (0, 5, 4, 7), (40, 40, 35, 41), (990, 1000, 940, 1000)]
    weighted = [[k, w, *fay_feuer(k, w)] for k, w in (([12, 3], [1, 5]), ([0, 0, 0], [1, 3, 10]), ([4, 0, 9, 1], [0.5, 2, 0.1, 7]), ([6], [2.5]))]
    w = rng.choice([1, 2, 4, 8], 40)
    hits = rng.integers(0, 2, 40)
    share, n = (w * hits).sum() / w.sum(), w.sum() ** 2 / (w * w).sum()
    values = [rng.integers(0, 9, size).tolist() for size in (1, 2, 5, 16)]
    funnels = [[target, n, binomial, *(spiegelhalter(p, target, n, binomial) for p in (0.001, 0.025, 0.975, 0.999))]
               for target, n, binomial in ((0.3, 4, False), (0.3, 250, False), (2.7, 41, False), (0.002, 6, False), (1.5, 40000, False), (0.8, 5, True), (0.8, 600, True), (0.05, 30, True))]
    write("rates.json", {"counts": counts, "shares": shares, "differences": differences,
                         "share_differences": [[*pair, *confint_proportions_2indep(*pair, method="newcomb")] for pair in two_shares], "weighted_counts": weighted,
                         "weighted_share": {"weights": w, "hits": hits, "value": share, "effective": n, "bounds": proportion_confint(share * n, n, method="wilson")},
                         "quantiles": [[v, p, np.quantile(v, p)] for v in values for p in (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)], "funnels": funnels})


def main():
    areas = chicago()
    cases = spells()
    write("inputs.json", {"chicago": areas, "spells": cases})
    special()
    rates()
    smoothing(areas)
    clusters(areas)
    timing(cases)


if __name__ == "__main__":
    main()
