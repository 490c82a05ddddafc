"""Smoothed, standardised and control limits of figures, from the numerators and denominators that the same answer gives, by formulas written here."""
import csv
import math

import pytest

CHICAGO = {"within": "code:chicago:chicago", "from": "2014-01-01", "to": "2015-01-01"}


def figures(server, **query):
    answer = server.session("leader").get(server.base + "/api/v1/figures", params={"level": "village", "smoothing": "global", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(answer, measure):
    return [(r["figures"][measure]["numerator"], r["figures"][measure]["denominator"]) for r in answer["rows"]]


def marshall(pairs):
    """m, A before it is cut off, and b̄ (Marshall 1991)."""
    pairs = [(e, b) for e, b in pairs if b]
    total = sum(b for _, b in pairs)
    m = sum(e for e, _ in pairs) / total
    mean = total / len(pairs)
    return m, sum(b * (e / b - m) ** 2 for e, b in pairs) / total - m / mean, mean


def martuzzi_elliott(pairs):
    pairs = [(e, b) for e, b in pairs if b]
    total = sum(b for _, b in pairs)
    m = sum(e for e, _ in pairs) / total
    mean = total / len(pairs)
    return m, (sum(b * (e / b - m) ** 2 for e, b in pairs) / total - m * (1 - m) / mean) * mean / (mean - 1), mean


def tail(k, mean):
    """P(X <= k), X Poisson."""
    return math.fsum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(int(k) + 1)) if k >= 0 else 0


@pytest.mark.parametrize("measure", ["hazard_density", "hazards_per_enterprise", "accidents_per_enterprise"])
def test_rates_are_smoothed_by_marshalls_formula(server, measure):
    query = CHICAGO if measure == "hazard_density" else {"within": "code:sim-990101:990101000000", "from": "2023-01-01", "to": "2026-01-01"}
    answer = figures(server, measures=measure, **query)
    m, a, _ = marshall(counts(answer, measure))
    evidence = answer["evidence"][measure]
    assert evidence["family"] == "poisson" and evidence["overall"] == pytest.approx(m, rel=1e-9) and evidence["variance_moment"] == pytest.approx(a, rel=1e-9)
    assert evidence["variance"] == max(0, evidence["variance_moment"]) and evidence["clipped"] == (a <= 0)
    assert evidence["areas"] == sum(1 for _, b in counts(answer, measure) if b) and evidence["degrees"] == evidence["areas"] - 1
    assert evidence["chi_square"] == pytest.approx(sum((e - m * b) ** 2 / (m * b) for e, b in counts(answer, measure) if b), rel=1e-9)
    for row in answer["rows"]:
        figure = row["figures"][measure]
        e, b, smoothed = figure["numerator"], figure["denominator"], figure["smoothed"]
        assert smoothed["method"] == "global_empirical_bayes"
        if b is None:
            assert smoothed["flags"] == ["no_data"] and smoothed["value"] is None and figure["funnel"] is None and figure["standardised"] is None
        elif b == 0:
            assert "no_exposure" in smoothed["flags"] and smoothed["value"] == pytest.approx(m, rel=1e-9) and figure["reason"] == "no_enterprise"
        else:
            w = max(0, a) / (max(0, a) + m / b)
            assert smoothed["weight"] == pytest.approx(w, rel=1e-9) and ("stands_out" in smoothed["flags"]) == (figure["funnel"]["outside"] != "none")
            assert smoothed["value"] == pytest.approx(w * e / b + (1 - w) * m, rel=1e-9)
            assert smoothed["low"] <= smoothed["value"] <= smoothed["high"]
            v = a + m / b if a + m / b > 0 else m / b
            assert figure["standardised"] == pytest.approx((e / b - m) / math.sqrt(v), rel=1e-9)
            check_funnel(figure, m, e, b)


def limit(p, mean):
    """Spiegelhalter's (2005, A.1): the smallest count whose cumulative probability reaches p, less the part of its own probability that is above."""
    k = next(k for k in range(int(mean + 10 * math.sqrt(mean) + 20)) if tail(k, mean) >= p)
    return max(0, k - (tail(k, mean) - p) / (tail(k, mean) - tail(k - 1, mean)))


def check_funnel(figure, m, e, b):
    f = figure["funnel"]
    assert f["expected"] == pytest.approx(m, rel=1e-9)
    for key, p in (("low95", 0.025), ("high95", 0.975), ("low998", 0.001), ("high998", 0.999)):
        assert f[key] == pytest.approx(limit(p, m * b) / b, rel=1e-6), key
    below, above = tail(e, m * b), 1 - tail(e - 1, m * b)
    assert f["outside"] == ("high" if above <= 0.025 else "low" if below <= 0.025 else "none")
    assert f["level"] == (None if f["outside"] == "none" else 0.998 if min(below, above) <= 0.001 else 0.95)


def test_shares_are_smoothed_as_shares(server):
    answer = figures(server, measures="inspection_coverage", **CHICAGO)
    m, a, _ = martuzzi_elliott(counts(answer, "inspection_coverage"))
    assert answer["evidence"]["inspection_coverage"]["family"] == "binomial"
    few = 0
    for row in answer["rows"]:
        figure = row["figures"]["inspection_coverage"]
        e, b, smoothed = figure["numerator"], figure["denominator"], figure["smoothed"]
        if not b:
            continue
        w = a / (a + (m * (1 - m) - a) / b)
        assert smoothed["value"] == pytest.approx(w * e / b + (1 - w) * m, rel=1e-9)
        assert 0 <= smoothed["low"] <= smoothed["value"] <= smoothed["high"] <= 1
        assert figure["standardised"] == pytest.approx((e / b - m) / math.sqrt(a + (m * (1 - m) - a) / b), rel=1e-9, abs=1e-12)
        if b <= 2 and e == b:
            few += 1
            assert smoothed["value"] < 0.95 and figure["funnel"]["outside"] == "none"  # one of one is no full coverage to boast of
    assert few > 0


def test_an_answer_says_when_nothing_speaks_for_real_differences(server):
    """Major hazards that the public reports are too rare in 示范区 for any difference between villages to be more than chance; complaints in Chicago are not."""
    none = figures(server, measures="hazards_per_enterprise,inspection_visits", source="public_report", grade="major", within="code:sim-990101:990101000000", **{"from": "2025-01-01", "to": "2026-01-01"})
    said = none["evidence"]["hazards_per_enterprise"]
    assert said["p"] > 0.05 and said["clipped"] and all("clipped" in r["figures"]["hazards_per_enterprise"]["smoothed"]["flags"] for r in none["rows"])
    assert "没有证据" in said["no_evidence"]["zh"] and "no evidence" in said["no_evidence"]["en"]
    assert none["evidence"]["inspection_visits"] is None  # a count is not compared
    assert "smoothed" not in none["rows"][0]["figures"]["inspection_visits"]
    assert all("smoothed" not in f for r in none["direct"] + [none["unplaced"]] for f in r["figures"].values())
    real = figures(server, measures="hazard_density", **CHICAGO)["evidence"]["hazard_density"]
    assert real["p"] < 1e-9 and real["no_evidence"] is None
    town = figures(server, measures="hazard_density", **{**CHICAGO, "within": "code:chicago:32", "level": "town"})
    assert town["evidence"]["hazard_density"]["areas"] == 1 and "nothing to compare" in town["evidence"]["hazard_density"]["no_evidence"]["en"]


def test_without_smoothing_nothing_is_compared(server):
    answer = figures(server, measures="hazard_density", smoothing="none", **CHICAGO)
    assert "evidence" not in answer and "smoothed" not in answer["rows"][0]["figures"]["hazard_density"]


def test_a_sheet_has_what_the_answer_has(server):
    query = {"within": "code:sim-990101:990101000000", "level": "town", "from": "2024-01-01", "to": "2025-01-01", "measures": "accidents_per_enterprise,inspection_visits", "smoothing": "global"}
    leader = server.session("leader")
    answer = leader.get(server.base + "/api/v1/figures", params=query).json()
    sheet = leader.get(server.base + "/api/v1/figures", params={**query, "format": "csv"}).content.decode("utf-8-sig")
    rows = {r["code"]: r for r in csv.DictReader(line for line in sheet.splitlines() if not line.startswith("#")) if r["part"] == "cell"}
    assert len(rows) == len(answer["rows"]) > 5
    for row in answer["rows"]:
        figure, line = row["figures"]["accidents_per_enterprise"], rows[row["cell"]["code"]]
        for column, value in (("smoothed", figure["smoothed"]["value"]), ("smoothed_low", figure["smoothed"]["low"]), ("smoothed_high", figure["smoothed"]["high"]), ("standardised", figure["standardised"])):
            assert float(line["accidents_per_enterprise_" + column]) == value
        assert line["accidents_per_enterprise_flags"].split() == figure["smoothed"]["flags"]
        assert line["accidents_per_enterprise_outside"].split()[0] == figure["funnel"]["outside"]
    assert not any(name.startswith("inspection_visits_smoothed") for name in next(iter(rows.values())))
