"""Key regions of 示范区: the diligent area does not lead, the one where nobody looks is not among the safe, and the numbers are those of the figures."""
import datetime

import pytest

WITHIN = "code:sim-990101:990101000000"
YEAR = {"within": WITHIN, "level": "town", "from": "2025-01-01", "to": "2026-01-01"}


@pytest.fixture(scope="module")
def answer(server):
    got = server.session("leader").get(server.base + "/api/v1/key-regions", params=YEAR)
    assert got.status_code == 200, got.text
    return got.json()


def test_the_unwatched_town_is_on_the_second_list_and_not_ranked(answer):
    ranked = [r["cell"]["code"] for r in answer["ranked"]]
    second = {r["cell"]["code"]: r for r in answer["insufficient"]}
    assert "990101100000" in second and "990101100000" not in ranked  # t == 6: nobody looks there
    assert second["990101100000"]["reasons"], "it must say why"
    for reason in second["990101100000"]["reasons"]:
        assert reason["zh"] and reason["en"]


def test_scores_fall_and_their_parts_add_up(answer):
    scores = [r["score"]["value"] for r in answer["ranked"]]
    assert scores == sorted(scores, reverse=True) and [r["rank"] for r in answer["ranked"]] == [1 + sum(s > one for s in scores) for one in scores]
    for r in answer["ranked"]:
        assert r["score"]["value"] == pytest.approx(sum(c["contribution"] for c in r["components"]))
        assert sum(c["weight"] for c in r["components"]) == pytest.approx(1)
        assert r["reasons"] and r["responsible"]


def test_its_figures_are_those_of_the_figures(server, answer):
    leader = server.session("leader")
    measures = sorted({c["measure"] for r in answer["ranked"] for c in r["components"]})
    figures = leader.get(server.base + "/api/v1/figures", params={**YEAR, "measures": ",".join(measures)}).json()
    by_cell = {r["cell"]["id"]: r["figures"] for r in figures["rows"]}
    for r in answer["ranked"]:
        for measure in measures:
            if measure in r["figures"]:
                assert r["figures"][measure]["numerator"] == by_cell[r["cell"]["id"]][measure]["numerator"], measure
