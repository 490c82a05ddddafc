"""Hot spots: against esda's on two maps (tests/data/hotspots), what was planted, and what must be said where there is little to say."""
import csv
import io
import json
import math
import subprocess

import pytest

from harness import ROOT

REFERENCES = json.loads((ROOT / "tests/data/hotspots/references.json").read_text())
SIMULATED = {"within": "code:sim-990101:990101000000", "level": "village", "measure": "hazards_per_enterprise", "source": "public_report", "from": "2023-01-01", "to": "2026-01-01", "seed": 1}
CHICAGO = {"within": "code:chicago:chicago", "level": "village", "measure": "hazard_density", "from": "2014-01-01", "to": "2015-01-01", "seed": 1}


def ask(server, **query):
    answer = server.session("leader").get(server.base + "/api/v1/hotspots", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def villages(server, tmp_path_factory):
    """The villages of the second map as a district of their own, with the counts that the references were made from."""
    folder, map_ = tmp_path_factory.mktemp("hsinchu"), REFERENCES["villages"]
    (folder / "villages.fgb").write_bytes((ROOT / "tests/data/adjacency/villages.fgb").read_bytes())
    with open(folder / "hazards.csv", "w") as out:
        out.write("key,day,cell\n")
        for code, n in zip(map_["codes"], map_["events"]):
            for k in range(n):
                out.write(f"{code}-{k},2024-{1 + k % 12:02}-15,{code}\n")
    (folder / "recipe.toml").write_text("""[district]
scheme = "hsinchu"
time_zone = "Asia/Taipei"
holds_from = 2020-01-01
shape = "children"
[[table]]
kind = "district"
constants = { code = "10018", name = "新竹市" }
[[table]]
kind = "village"
file = "villages.fgb"
columns = { code = "code", name = "name" }
constants = { parent = "10018" }
[[table]]
kind = "hazard"
file = "hazards.csv"
columns = { key = "key", day = "day", cell_code = "cell" }
constants = { source = "patrol", grade = "general" }
""")
    done = subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, folder / "recipe.toml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return {"within": "code:hsinchu:10018", "level": "village", "measure": "hazard_density", "from": "2024-01-01", "to": "2025-01-01", "seed": 1}


def ours(answer, codes):
    rows = {r["cell"]["code"]: r for r in answer["rows"]}
    assert set(rows) == set(codes)
    return [rows[code] for code in codes]


def expect_p(ours, tail):
    """Twice the part of the permutations in a tail: within what 9,999 of ours and 99,999 of esda's leave to chance, and the one that is added."""
    assert ours == pytest.approx(min(1, 2 * tail), abs=10 * math.sqrt(max(tail * (1 - tail), 1e-5) * (1e-4 + 1e-5)) + 4e-4)


@pytest.mark.parametrize("contiguity", ["rook", "queen"])
@pytest.mark.parametrize("name", ["tracts", "villages"])
def test_agrees_with_esda(server, villages, name, contiguity):
    map_, query = REFERENCES[name], CHICAGO if name == "tracts" else villages
    answer = ask(server, contiguity=contiguity, permutations=9999, **query)
    theirs, rows = map_[contiguity], ours(answer, map_["codes"])
    for i, row in enumerate(rows):
        assert row["figure"]["numerator"] == map_["events"][i], row["cell"]
        assert row["figure"]["denominator"] == pytest.approx(map_["km2"][i], rel=1e-9)
        assert row["value"] == pytest.approx(map_["standardised"][i], rel=1e-9, abs=1e-9)
        if not row["neighbours"]:
            assert row["gi_star"]["cluster"] == row["moran_local"]["cluster"] == "island"
            continue
        assert row["gi_star"]["z"] == pytest.approx(theirs["gi_star"][i], rel=1e-9, abs=1e-9)
        above, below = (parts[i] for parts in theirs["gi_star_tails"])
        expect_p(row["gi_star"]["p"], above if theirs["gi_star"][i] > 0 else below)  # a hot spot's is of the upper tail, whatever lies about it
        local = row["moran_local"]
        assert local["i"] == pytest.approx(theirs["moran"][i], rel=1e-9, abs=1e-9)
        expect_p(local["p"], min(parts[i] for parts in theirs["moran_tails"]))
        assert local["tendency"] == {1: "HH", 2: "LH", 3: "LL", 4: "HL"}[theirs["quadrant"][i]]
    for key in ("i", "expectation", "variance", "z"):
        assert answer["moran_global"][key] == pytest.approx(theirs["global"][key], rel=1e-9, abs=1e-10), key
    assert answer["moran_global"]["p"] < 0.001 and answer["seed"] == 1 and answer["permutations"] == 9999


@pytest.mark.parametrize("name", ["tracts", "villages"])
def test_smoothed_rates_agree_with_esda(server, villages, name):
    map_, query = REFERENCES[name], CHICAGO if name == "tracts" else villages
    for smoothing, theirs in (("global", map_["smoothed"]), ("local", map_["smoothed_locally"])):
        asked = {"measures": query["measure"], "smoothing": smoothing, **{k: query[k] for k in ("within", "level", "from", "to")}}
        answer = server.session("leader").get(server.base + "/api/v1/figures", params=asked).json()
        rows = {r["cell"]["code"]: r["figures"]["hazard_density"]["smoothed"] for r in answer["rows"]}
        for code, value in zip(map_["codes"], theirs):
            smoothed = rows[code]
            if value is None:  # nothing happened here nor next to it: esda divides by their mean, which is 0
                assert map_["events"][map_["codes"].index(code)] == 0 and smoothed["value"] == 0, code
                continue
            if "island" in smoothed["flags"]:
                assert smoothed["method"] == "global_empirical_bayes"
                continue
            assert smoothed["method"] == f"{smoothing}_empirical_bayes"
            assert smoothed["value"] == pytest.approx(value, rel=1e-9), code
            assert smoothed["low"] <= smoothed["value"] <= smoothed["high"]


def benjamini_hochberg(p):
    order, out, least = sorted(range(len(p)), key=lambda i: -p[i]), [0] * len(p), 1
    for k, i in enumerate(order):
        least = min(least, p[i] * len(p) / (len(p) - k))
        out[i] = least
    return out


def test_the_planted_hot_spot_is_found_and_nothing_else(server):
    answer = ask(server, **SIMULATED)
    truth = {r["village"]: float(r["risk"]) for r in csv.DictReader(open(server.folder / "simulated/district-001/truth.csv"))}
    code = {r["cell"]["id"]: r["cell"]["code"] for r in answer["rows"]}
    planted = {c for c, risk in truth.items() if risk > 1}
    for statistic, high in (("gi_star", "hot"), ("moran_local", "HH")):
        found = {r["cell"]["code"]: r for r in answer["rows"] if r[statistic]["significant"]}
        hot = [c for c in found if found[c][statistic]["cluster"] == high]
        assert hot, statistic
        for c in hot:  # each is planted, or next to what is
            assert c in planted or planted & {code[j] for j in found[c]["neighbours"]}, c
        tested = [r[statistic] for r in answer["rows"] if r[statistic]["p"] is not None]
        for s, q in zip(tested, benjamini_hochberg([s["p"] for s in tested])):
            assert s["q"] == pytest.approx(q, rel=1e-12) and s["significant"] == (q <= 0.05)
        assert answer["significant"][statistic] == len(found)
    assert "990101002006" in {r["cell"]["code"] for r in answer["rows"] if r["gi_star"]["cluster"] == "hot"}  # the middle of the nine
    assert answer["permutations"] == 2 * answer["n"] / 0.05 - 1 and answer["moran_global"]["p"] <= 0.05


def test_no_data_and_islands_are_told_from_what_is_not_significant(server):
    answer = ask(server, **SIMULATED)
    rows = {r["cell"]["code"]: r for r in answer["rows"]}
    undrawn, merged = rows["990101102212"], rows["990101003011"]
    for row in (undrawn, merged):  # it was there in the window; but without a shape on its last day
        assert row["value"] is None and row["no_data"] == "no_shape" and row["neighbours"] == []
        assert row["gi_star"]["cluster"] == row["moran_local"]["cluster"] == "no_data" and row["gi_star"]["p"] is None
    assert answer["without_data"] == sum(1 for r in answer["rows"] if r["no_data"]) and answer["n"] + answer["without_data"] == len(answer["rows"])
    assert rows["990101006001"]["gi_star"]["cluster"] == "not_significant" and rows["990101006001"]["gi_star"]["p"] is not None
    late = {**SIMULATED, "from": "2025-01-01"}
    new = {r["cell"]["code"]: r for r in ask(server, at="2025-06-30", **late)["rows"]}["990101003601"]
    assert new["figure"]["value"] is not None and new["no_data"] == "no_shape", "it has a rate, but was not there on that day"
    assert {r["cell"]["code"]: r for r in ask(server, **late)["rows"]}["990101003601"]["no_data"] is None
    # Without a denominator there is no rate: the reason is the figure's.
    loop = ask(server, **{**CHICAGO, "measure": "inspection_coverage"})
    without = [r for r in loop["rows"] if r["figure"]["value"] is None]
    assert without and all(r["no_data"] == "no_denominator" and r["gi_star"]["cluster"] == "no_data" for r in without)
    # A distance that reaches no one: all are islands, and nothing can be computed.
    alone = ask(server, contiguity="distance", distance_m=1, **SIMULATED)
    assert len(alone["islands"]) == alone["n"] and {r["gi_star"]["cluster"] for r in alone["rows"]} == {"island", "no_data"}
    assert "nothing can be computed" in alone["warnings"][0]["en"] and alone["moran_global"] is None


def test_an_island_is_named(server, villages):
    """Where ten kilometres of border are asked for, most villages have no neighbour."""
    answer = ask(server, min_shared_m=3000, **villages)
    islands = {c["code"] for c in answer["islands"]}
    assert 0 < len(islands) < answer["n"]
    for row in answer["rows"]:
        assert (row["cell"]["code"] in islands) == (not row["neighbours"]) == (row["gi_star"]["cluster"] == "island")
    assert answer["contiguity"] == {"kind": "rook", "min_shared_m": 3000, "distance_m": None, "tolerance_m": 1,
                                    "mean_neighbours": pytest.approx(sum(len(r["neighbours"]) for r in answer["rows"]) / len(answer["rows"]))}


def test_few_areas_are_warned_of(server):
    toronto = {"within": "code:toronto:toronto", "level": "village", "measure": "hazard_density", "from": "2018-01-01", "to": "2019-01-01"}
    answer = ask(server, **toronto)
    assert answer["n"] == 25 and any("fewer than 30" in w["en"] and "少于 30" in w["zh"] for w in answer["warnings"])
    assert answer["permutations"] == 999
    coarse = ask(server, permutations=99, **toronto)
    assert any("With 99 permutations" in w["en"] for w in coarse["warnings"])
    one = ask(server, **{**toronto, "level": "district"})
    assert one["n"] == 1 and "Fewer than four" in one["warnings"][0]["en"] and one["moran_global"] is None


def test_the_same_seed_gives_the_same_answer(server):
    answer = ask(server, **SIMULATED)
    assert ask(server, permutations=answer["permutations"], **SIMULATED)["rows"] == answer["rows"]
    other = ask(server, **{**SIMULATED, "seed": 2})
    assert [r["gi_star"]["z"] for r in other["rows"]] == [r["gi_star"]["z"] for r in answer["rows"]]
    assert [r["gi_star"]["p"] for r in other["rows"]] != [r["gi_star"]["p"] for r in answer["rows"]]
    del other
    chosen = ask(server, **{k: v for k, v in SIMULATED.items() if k != "seed"})
    assert ask(server, **{**SIMULATED, "seed": chosen["seed"]})["rows"] == chosen["rows"]
    normal = ask(server, permutations=0, **SIMULATED)
    for row in normal["rows"]:
        if row["gi_star"]["p"] is not None:
            assert row["gi_star"]["p"] == pytest.approx(math.erfc(abs(row["gi_star"]["z"]) / math.sqrt(2)), rel=1e-9)


def test_neighbours_within_a_cell_are_those_of_it(server):
    town = ask(server, **{**CHICAGO, "within": "code:chicago:8"})
    inside = {r["cell"]["id"] for r in town["rows"]}
    whole = {r["cell"]["id"]: set(r["neighbours"]) for r in ask(server, statistic="moran_global", **CHICAGO)["rows"]}
    assert all(set(r["neighbours"]) == whole[r["cell"]["id"]] & inside for r in town["rows"])
    assert all("gi_star" not in r for r in ask(server, statistic="moran_local", **{**CHICAGO, "within": "code:chicago:8"})["rows"])


def test_the_figure_is_the_figure_and_the_values_are_what_was_asked_for(server):
    leader = server.session("leader")
    answer = ask(server, rates="raw", **SIMULATED)
    figures = {r["cell"]["code"]: r["figures"]["hazards_per_enterprise"] for r in leader.get(server.base + "/api/v1/figures", params={
        "measures": "hazards_per_enterprise", "smoothing": "global", **{k: v for k, v in SIMULATED.items() if k not in ("measure", "seed")}}).json()["rows"]}
    smooth = {r["cell"]["code"]: r for r in ask(server, rates="smoothed", **SIMULATED)["rows"]}
    for row in answer["rows"]:
        figure = figures[row["cell"]["code"]]
        assert row["figure"] == {k: v for k, v in figure.items() if k not in ("smoothed", "standardised", "funnel")}
        if row["no_data"] is None:
            assert row["value"] == figure["value"] and smooth[row["cell"]["code"]]["value"] == figure["smoothed"]["value"]
    one = next(r for r in answer["rows"] if 0 < r["figure"]["numerator"] < 100)
    assert len(leader.get(server.base + one["figure"]["records"] + "&limit=1000").json()["items"]) == one["figure"]["numerator"]


def test_shapes_and_sheets(server):
    answer, leader = ask(server, **SIMULATED), server.session("leader")
    made = leader.get(server.base + "/api/v1/hotspots", params={**SIMULATED, "format": "geojson"})
    assert made.headers["Content-Type"].startswith("application/geo+json")
    features = made.json()
    assert features["hotspots"] == {k: v for k, v in answer.items() if k != "rows"}
    rows = list(csv.DictReader(io.StringIO(leader.get(server.base + "/api/v1/hotspots", params={**SIMULATED, "format": "csv"}).content.decode("utf-8-sig"))))
    assert len(features["features"]) == len(rows) == len(answer["rows"])
    for row, feature, line in zip(answer["rows"], features["features"], rows):
        shown = feature["properties"]
        assert feature["id"] == row["cell"]["id"] == int(line["id"]) and shown["code"] == row["cell"]["code"]
        assert (feature["geometry"] is None) == (row["no_data"] == "no_shape")
        assert shown["gi_star_z"] == row["gi_star"]["z"] and shown["moran_local_cluster"] == row["moran_local"]["cluster"] == line["moran_local_cluster"]
        assert shown["hazards_per_enterprise"] == row["figure"]["value"] and (float(line["gi_star_p"]) if line["gi_star_p"] else None) == row["gi_star"]["p"]
    sheet = leader.get(server.base + "/api/v1/hotspots", params={**SIMULATED, "format": "xlsx"})
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"


@pytest.mark.parametrize("change, field", [({"measure": "inspection_visits"}, "measure"), ({"measure": "x"}, "measure"), ({"contiguity": "distance"}, "distance_m"), ({"distance_m": "500"}, "distance_m"),
                                           ({"contiguity": "queen", "min_shared_m": "50"}, "min_shared_m"), ({"min_shared_m": "1"}, "min_shared_m"), ({"permutations": "10000"}, "permutations"),
                                           ({"fdr": "1"}, "fdr"), ({"seed": "-1"}, "seed"), ({"at": "2025-02-30"}, "at"), ({"mode": "as_of"}, "as_of")])
def test_bad_input_names_the_field(server, change, field):
    answer = server.session("leader").get(server.base + "/api/v1/hotspots", params={**SIMULATED, **change})
    assert answer.status_code == 400 and [e["field"] for e in answer.json()["errors"]] == [field], answer.text


def test_too_much_is_refused_with_what_to_do(server):
    leader = server.session("leader")
    answer = leader.get(server.base + "/api/v1/hotspots", params={**CHICAGO, "contiguity": "distance", "distance_m": 1000000, "permutations": 9999})
    assert answer.status_code == 400 and "distance_m" in answer.text
    early = leader.get(server.base + "/api/v1/hotspots", params={**SIMULATED, "at": "2000-01-01"})
    assert early.status_code == 422 and "2023-01-01" in early.json()["detail"]


def test_as_known_at_an_instant(server):
    now = ask(server, **SIMULATED)
    then = ask(server, known_at="2100-01-01T00:00:00Z", **SIMULATED)
    assert then["known_at"] == "2100-01-01T00:00:00Z"
    for a, b in zip(now["rows"], then["rows"]):
        assert (a["value"], a["neighbours"], a["gi_star"]) == (b["value"], b["neighbours"], b["gi_star"])
