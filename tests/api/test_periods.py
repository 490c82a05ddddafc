"""Periods of the calendar in figures."""
import calendar
import datetime
import math

import pytest

CITY = "code:sim-990101:990101000000"


def ask(server, status=200, **query):
    answer = server.session("leader").get(server.base + "/api/v1/figures", params={"within": CITY, "level": "town", "measures": "hazard_density,inspection_visits", **query})
    assert answer.status_code == status, answer.text
    return answer.json()


def today(server):
    return datetime.date.fromisoformat(next(d["today"] for d in server.session("leader").get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == "sim-990101"))


@pytest.mark.parametrize("period,start,end", [("2025-06", "2025-06-01", "2025-07-01"), ("2024-02", "2024-02-01", "2024-03-01"), ("2025-12", "2025-12-01", "2026-01-01"), ("2025-Q4", "2025-10-01", "2026-01-01"),
                                              ("2024", "2024-01-01", "2025-01-01"), ("ytd:2025-06", "2025-01-01", "2025-07-01"), ("ytd:2025-Q3", "2025-01-01", "2025-10-01")])
def test_a_period_is_the_window_that_the_calendar_gives_it(server, period, start, end):
    by_name, by_days = ask(server, period=period), ask(server, **{"from": start, "to": end})
    assert by_name["rows"] == by_days["rows"] and by_name["direct"] == by_days["direct"] and by_name["unplaced"] == by_days["unplaced"]
    assert (by_name["window"]["from"], by_name["window"]["to"], by_name["window"]["ends"], by_name["window"]["running"]) == (start, end, end, False)
    assert sum(r["figures"]["hazard_density"]["numerator"] for r in by_name["rows"]) > 0


def test_periods_of_today_end_with_it(server):
    day = today(server)
    first = day.replace(day=1)
    quarter = first.replace(month=(day.month - 1) // 3 * 3 + 1)
    for period, start in (("this_month", first), ("this_quarter", quarter), ("this_year", day.replace(month=1, day=1)), ("ytd", day.replace(month=1, day=1)), (f"{day:%Y-%m}", first)):
        for mode in ("as_was", "as_is"):
            window = ask(server, period=period, mode=mode)["window"]
            assert (window["from"], window["to"], window["running"]) == (str(start), str(day + datetime.timedelta(1)), True), period
            assert window["ends"] >= window["to"]


@pytest.mark.parametrize("query,field", [({"period": "2025-13"}, "period"), ({"period": "last_week"}, "period"), ({"period": "2025-06", "from": "2025-06-01"}, "from"), ({}, "from"), ({"from": "2025-06-01"}, "to"),
                                         ({"from": "2025-06-01", "to": "2025-06-01"}, "to")])
def test_what_is_no_period_is_refused_by_name(server, query, field):
    assert [e["field"] for e in ask(server, 400, **query)["errors"]] == [field]


MEASURES = "hazard_density,open_hazards_per_enterprise,on_time_rate,inspection_coverage,due_coverage,accidents,inspection_visits,weighted_hazard_density"
COPIED = ("value", "numerator", "denominator", "low", "high", "records", "base_records")


def upper_tail(k, n, p):
    """P(X >= k), X binomial."""
    if p in (0, 1):
        return float(k <= n * p)
    choose = lambda i: math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1)  # of thousands, more than a double holds
    return math.fsum(math.exp(choose(i) + i * math.log(p) + (n - i) * math.log1p(-p)) for i in range(k, n + 1))


def hold_together(now, then, beside):
    """What is beside a figure is the figure of the other window, and the change between them."""
    assert {k: beside[k] for k in COPIED} == {k: then[k] for k in COPIED}
    if now["value"] is None or then["value"] is None:
        assert beside["change"] is None and beside["ratio"] is None and beside["reason"] == (then["reason"] or now["reason"])
        return
    assert beside["change"] == pytest.approx(now["value"] - then["value"])
    if then["value"] == 0:
        assert beside["ratio"] is None and beside["reason"] == "nothing_before"
    else:
        assert beside["ratio"] == pytest.approx(now["value"] / then["value"]) and beside["reason"] is None
    if beside["change_low"] is not None:
        assert beside["change_low"] <= beside["change"] <= beside["change_high"]
    k, k0 = now["numerator"], then["numerator"]
    if beside["ratio_low"] is not None and k > 0 and k0 > 0:
        # Given k + k0, k is binomial; at the limits each tail has 2.5 %.
        scale = (now["denominator"] or 1) / (then["denominator"] or 1)
        share = lambda ratio: ratio * scale / (1 + ratio * scale)
        assert upper_tail(k, k + k0, share(beside["ratio_low"])) == pytest.approx(0.025, rel=1e-6)
        assert 1 - upper_tail(k + 1, k + k0, share(beside["ratio_high"])) == pytest.approx(0.025, rel=1e-6)


# Over the end of a year, from and to a leap year, over a quarter's end, running, and over the merge of July 2025.
@pytest.mark.parametrize("mode", [{}, {"mode": "as_of", "as_of": "2025-10-01"}])
@pytest.mark.parametrize("window,year_before,previous", [
    ({"period": "2025-01"}, ("2024-01-01", "2024-02-01"), ("2024-12-01", "2025-01-01")),
    ({"period": "2025-02"}, ("2024-02-01", "2024-03-01"), ("2025-01-01", "2025-02-01")),
    ({"period": "2024-Q1"}, ("2023-01-01", "2023-04-01"), ("2023-10-01", "2024-01-01")),
    ({"period": "2025-Q3"}, ("2024-07-01", "2024-10-01"), ("2025-04-01", "2025-07-01")),
    ({"period": "2025"}, ("2024-01-01", "2025-01-01"), ("2024-01-01", "2025-01-01")),
    ({"from": "2025-03-10", "to": "2025-03-20"}, ("2024-03-10", "2024-03-20"), ("2025-02-28", "2025-03-10")),
    ({"period": "this_month"}, None, None)])
def test_what_is_compared_equals_two_requests(server, window, mode, year_before, previous):
    if year_before is None:
        day = today(server)
        first = day.replace(day=1)
        before = (first - datetime.timedelta(1)).replace(day=1)
        last = lambda month: min(day.day, calendar.monthrange(month.year, month.month)[1])
        year_before, previous = [(str(m), str(m.replace(day=last(m)) + datetime.timedelta(1))) for m in (first.replace(year=first.year - 1), before)]
    for level in ("town", "village"):
        answer = ask(server, level=level, measures=MEASURES, compare="year_before,previous", **window, **mode)
        for name, (start, end) in (("year_before", year_before), ("previous", previous)):
            assert (answer["compared"][name]["from"], answer["compared"][name]["to"], answer["compared"][name]["reason"]) == (start, end, None)
            other = ask(server, level=level, measures=MEASURES, **{"from": start, "to": end}, **mode)
            for part in ("rows", "direct"):
                then = {r["cell"]["id"]: r["figures"] for r in other[part]}
                for row in answer[part]:
                    for measure, figure in row["figures"].items():
                        if row["cell"]["id"] in then:
                            hold_together(figure, then[row["cell"]["id"]][measure], figure[name])
                        else:
                            assert figure[name]["value"] is None and figure[name]["reason"] == "no_such_cell"
            for measure, figure in answer["unplaced"]["figures"].items():
                hold_together(figure, other["unplaced"]["figures"][measure], figure[name])


def test_a_merged_cell_has_nothing_to_be_compared_with(server):
    answer = ask(server, level="village", period="2025-08", compare="previous,year_before")
    merged = next(r for r in answer["rows"] if r["cell"]["code"] == "990101003601")["figures"]["inspection_visits"]
    assert merged["previous"]["reason"] is None and merged["year_before"]["reason"] == "no_such_cell"


@pytest.mark.parametrize("period,name,reason", [("ytd:2025-06", "previous", "cumulative_period"), ("2023-01", "previous", "map_begins_later"), ("2023", "year_before", "map_begins_later"), ("2099-01", "previous", "not_begun")])
def test_what_cannot_be_compared_says_why(server, period, name, reason):
    answer = ask(server, period=period, compare=name)
    assert answer["compared"][name]["reason"] == reason
    for row in answer["rows"]:
        for figure in row["figures"].values():
            assert figure[name]["value"] is None and figure[name]["ratio"] is None and figure[name]["reason"] == reason
    assert ask(server, period="2023-01", mode="as_is", compare="previous")["compared"]["previous"]["reason"] == "records_begin_later"
