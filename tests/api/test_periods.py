"""Periods of the calendar in figures."""
import datetime

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
