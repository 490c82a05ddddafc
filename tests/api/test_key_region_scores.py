"""The score of key regions made once more in plain Python, from the lists of what happened: components, trend and the second list, under the general rules and under a district's own; and who is responsible."""
import collections
import csv
import datetime

import pytest

from test_key_regions import CITY, SCHEME, district, get, own_rules, regions  # noqa: F401 (a fixture)

LEVELS = ["town", "village"]
# Of each period its window, that before it and that of the year before, by hand; all before the merge of July 2025, so that an enterprise stands in one village throughout.
WINDOWS = {"2025-Q1": (("2025-01-01", "2025-04-01"), ("2024-10-01", "2025-01-01"), ("2024-01-01", "2024-04-01")), "2025-02": (("2025-02-01", "2025-03-01"), ("2025-01-01", "2025-02-01"), ("2024-02-01", "2024-03-01")),
           "2025-01": (("2025-01-01", "2025-02-01"), ("2024-12-01", "2025-01-01"), ("2024-01-01", "2024-02-01"))}
ACCIDENTS = {"ordinary": 1, "larger": 5, "serious": 20, "extraordinary": 50}  # docs/key-regions.md
OWN_RULES = [("score-rules", dict(component="coverage_gap", measure="inspection_coverage", weight=40, scale="value", zero_at=0.5, full_at=0.95)),
             ("score-rules", dict(component="overdue_enterprises", weight=10, scale="mean", zero_at=0.5, full_at=2)), ("score-rules", dict(component="accidents", weight=0, scale="mean", zero_at=0, full_at=3)),
             ("score-floors", dict(name="enterprises", value=18)), ("score-floors", dict(name="patrol_coverage", value=0.97)), ("score-floors", dict(name="look_back_days", value=200)),
             ("figure-weights", dict(scale="severity", grade="major", weight=3))]


class Lists:
    """Lists of the district as the server tells them, and the cells that each record counts for."""

    def __init__(self, server):
        self.leader, self.base, self.kept = server.session("leader"), server.base + "/api/v1/", {}
        villages = self.all("cells", within=CITY, level="village", at="2024-06-01")
        self.towns = {c["id"]: c["code"] for c in self.all("cells", within=CITY, level="town", at="2024-06-01")}
        self.villages = {c["id"]: c["code"] for c in villages}
        self.town_of = {c["id"]: self.towns[c["parent"]] for c in villages}

    def all(self, path, **query):
        key = (path, *sorted(query.items()))
        if key not in self.kept:
            items, after = [], {}
            while after is not None:
                answer = self.leader.get(self.base + path, params={**query, **after, "limit": 1000})
                assert answer.status_code == 200, answer.text
                items += answer.json()["items"]
                after = answer.json()["next"] and {"after": answer.json()["next"]}
            self.kept[key] = items
        return self.kept[key]

    def events(self, path, **query):
        return self.all(path, cell=CITY, **query)

    def enterprises(self, window, counted):
        return self.all("enterprises", cell=CITY, **{"from": window[0], "to": window[1]}, counted=counted, visits="inspection")

    def area(self, level, village):
        return self.villages.get(village) if level == "village" else self.town_of.get(village) or self.towns.get(village)  # or in a town, but in none of its villages

    def sums(self, level, items, of=lambda item: 1, place="cell"):
        out = collections.Counter()
        for item in items:
            if area := self.area(level, item[place]):  # what lies in no village is "elsewhere"
                out[area] += of(item)
        return out


@pytest.fixture(scope="module")
def lists(server, district):  # noqa: F811
    return Lists(server)


def days(window):
    return (datetime.date.fromisoformat(window[1]) - datetime.date.fromisoformat(window[0])).days


def marshall(events, exposure):
    """Empirical Bayes of counts (Marshall 1991)."""
    areas = [a for a in exposure if exposure[a] > 0]
    b = sum(exposure[a] for a in areas)
    m = sum(events[a] for a in areas) / b
    s2 = sum(exposure[a] * (events[a] / exposure[a] - m) ** 2 for a in areas) / b
    between = max(0, s2 - m / (b / len(areas)))
    shrunk = {}
    for a in areas:
        w = between / (between + m / exposure[a]) if m > 0 else 0
        shrunk[a] = w * events[a] / exposure[a] + (1 - w) * m
    return m, shrunk


def martuzzi_elliott(events, base):
    """Empirical Bayes of shares (Martuzzi and Elliott 1996)."""
    areas = [a for a in base if base[a] > 0]
    n = sum(base[a] for a in areas)
    m = sum(events[a] for a in areas) / n
    mean_size = n / len(areas)
    s2 = sum(base[a] * (events[a] / base[a] - m) ** 2 for a in areas) / n
    between = max(0, s2 - m * (1 - m) / mean_size) * mean_size / (mean_size - 1)
    shrunk = {}
    for a in areas:
        denominator = between + (m * (1 - m) - between) / base[a]
        w = between / denominator if denominator > 0 else 0
        shrunk[a] = w * events[a] / base[a] + (1 - w) * m
    return m, shrunk


def components(lists, level, window, measures, major_weight):  # noqa: F811
    """Of each component the mean of all areas and the smoothed value of each, from the records themselves."""
    start, end = window
    found = [h for h in lists.events("hazards", to="2026-01-01") if h["day"] < end]
    opened = [h for h in found if not h["closed_on"] or h["closed_on"] >= end]
    enterprises = lambda counted, of=lambda e: 1: lists.sums(level, lists.enterprises(window, counted), of, "parent")
    in_scope = enterprises("in_scope")

    def of_grades(records, weights, exposure):
        mean, value = 0, {area: 0 for area in exposure if exposure[area] > 0}
        for grade, weight in weights.items():
            events = lists.sums(level, [r for r in records if r["grade"] == grade])
            if sum(events.values()) == 0:
                continue
            m, shrunk = marshall(events, exposure)
            mean += weight * m
            for area, rate in shrunk.items():
                value[area] += weight * rate
        return mean, value

    def exposed(e):
        valid = (max(start, e["valid"]["from"] or start), min(end, e["valid"]["to"] or end))
        return days(valid) / days(window)
    due, inspected = enterprises("due"), enterprises("visited")
    gap = {"due_coverage": (due - enterprises("on_time"), due), "inspection_coverage": (in_scope - inspected, in_scope)}[measures["coverage_gap"]]
    return {"open_hazards": of_grades(opened, {"general": 1, "major": major_weight}, enterprises("active")),
            "overdue_hazards": martuzzi_elliott(lists.sums(level, [h for h in opened if h["due_on"] and h["due_on"] < end]), lists.sums(level, opened)),
            "overdue_enterprises": martuzzi_elliott(enterprises("overdue"), in_scope),
            "coverage_gap": martuzzi_elliott(*gap),
            "accidents": of_grades(lists.events("accidents", **{"from": start, "to": end}), ACCIDENTS, enterprises("exposed", exposed))}


def scores(lists, level, window, rules, major_weight):  # noqa: F811
    """The score of every area, and the parts of each, by docs/key-regions.md."""
    made = components(lists, level, window, {r["component"]: r["measure"] for r in rules["components"]}, major_weight)
    whole = sum(r["weight"] for r in rules["components"])
    out = collections.defaultdict(dict)
    for area in (lists.villages if level == "village" else lists.towns).values():
        for r in rules["components"]:
            mean, smoothed = made[r["component"]]
            if area not in smoothed:
                out[area][r["component"]] = (None, 0)
                continue
            x = smoothed[area] if r["scale"] == "value" else smoothed[area] / mean if mean > 0 else 0
            points = 100 * min(1, max(0, (x - r["zero_at"]) / (r["full_at"] - r["zero_at"])))
            out[area][r["component"]] = (smoothed[area], r["weight"] / whole * points)
    return out


def standing(lists, level, window, floors):  # noqa: F811
    """Why an area is not ranked, from the visits of the look-back; None where it is."""
    back = max(datetime.date.fromisoformat(window[1]) - datetime.timedelta(floors["look_back_days"]), datetime.date(2023, 1, 1)).isoformat()
    active, in_scope = (lists.sums(level, lists.enterprises(window, c), place="parent") for c in ("active", "in_scope"))
    scope = {e["id"]: e["parent"] for e in lists.enterprises(window, "in_scope")}
    share = {}
    for kind in ("inspections", "patrols"):
        seen = {v["enterprise"] for v in lists.events(kind, to="2026-01-01", result="completed") if back <= v["day"] < window[1]}
        share[kind] = lists.sums(level, [{"cell": parent} for e, parent in scope.items() if e in seen])
    out = {}
    for area in (lists.villages if level == "village" else lists.towns).values():
        n = in_scope[area]
        out[area] = ("no_enterprise" if active[area] == 0 else "little_inspection" if share["inspections"][area] < floors["inspection_coverage"] * n else
                     "little_patrol" if share["patrols"][area] < floors["patrol_coverage"] * n else "few_enterprises" if n < floors["enterprises"] else None)
    return out


def places(scored):
    """Ranks from the highest; equal scores, to a millionth, have one."""
    return {area: 1 + sum(round(other, 6) > round(score, 6) for other in scored.values()) for area, score in scored.items()}


def check(server, lists, level, period, major_weight):  # noqa: F811
    answer = regions(server, level, period=period)
    rules, window = answer["rules"], (answer["window"]["from"], answer["window"]["to"])
    assert [window] + [(w["from"], w["to"]) for w in (answer["compared"]["previous"], answer["compared"]["year_before"])] == list(WINDOWS[period])
    expected, why = scores(lists, level, window, rules, major_weight), standing(lists, level, window, rules["floors"])
    areas = {r["cell"]["code"]: r for r in answer["ranked"] + answer["insufficient"]}
    assert set(areas) == set(expected) and len(areas) == len(answer["ranked"]) + len(answer["insufficient"])
    assert {r["cell"]["code"] for r in answer["ranked"]} == {a for a, reason in why.items() if reason is None}
    total = lambda area: sum(points for _, points in expected[area].values())
    now = {a: total(a) for a in expected if why[a] is None}
    ranks = places(now)
    for code, area in areas.items():
        for c in area["components"]:
            value, contribution = expected[code][c["component"]]
            assert (c["smoothed"] and c["smoothed"]["value"]) == (value if value is None else pytest.approx(value, abs=1e-9)), (code, c["component"])
            assert c["contribution"] == pytest.approx(contribution, abs=1e-7), (code, c["component"])
        assert area["rank"] == ranks.get(code)
        if why[code]:
            assert area["reasons"][0]["about"] == why[code] and area["score"] is None
        else:
            assert area["score"]["value"] == pytest.approx(now[code], abs=1e-6)
    for name, then in zip(("previous", "year_before"), WINDOWS[period][1:]):
        before, reasons = scores(lists, level, then, rules, major_weight), standing(lists, level, then, rules["floors"])
        old = {a: sum(points for _, points in before[a].values()) for a in before if reasons[a] is None}
        old_ranks = places(old)
        for code, area in areas.items():
            trend = area["trend"][name]
            assert trend["reason"] == reasons[code] and trend["rank"] == old_ranks.get(code), (code, name)
            assert trend["score"] == (pytest.approx(old[code], abs=1e-6) if code in old else None)
            if code in old and code in now:
                assert trend["change"] == pytest.approx(now[code] - old[code], abs=1e-6) and trend["places"] == old_ranks[code] - ranks[code]
            else:
                assert trend["change"] is None and trend["places"] is None
    return answer, why


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("period", ["2025-Q1", "2025-02"])
def test_scores_trend_and_second_list_are_what_the_lists_give(server, lists, level, period):
    answer, why = check(server, lists, level, period, 10)
    assert answer["ranked"] and collections.Counter(why.values())["little_inspection"] > 0
    changes = [a["trend"][name]["change"] for a in answer["ranked"] for name in ("previous", "year_before")]
    assert any(c and abs(c) > 1 for c in changes)  # there is a trend to be wrong about


@pytest.mark.parametrize("level", LEVELS)
def test_a_districts_own_rules_make_the_score_from_their_day_on(server, lists, level):
    general = regions(server, level, period="2025-02")
    with own_rules(server, OWN_RULES, "2025-02-15"):
        answer, why = check(server, lists, level, "2025-02", 3)  # its last day is after the rules began
        assert {r["component"]: r["assumption"] for r in answer["rules"]["components"]} == {"open_hazards": True, "overdue_hazards": True, "overdue_enterprises": False, "coverage_gap": False}
        assert {r["since"] for r in answer["rules"]["components"] if not r["assumption"]} == {"2025-02-15"}
        reasons = collections.Counter(why.values())
        if level == "village":
            assert min(reasons[r] for r in ("few_enterprises", "little_patrol", "little_inspection", None)) > 1
        order = [r["reasons"][0]["about"] for r in answer["insufficient"]]
        assert order == sorted(order, key=["little_inspection", "little_patrol", "few_enterprises", "no_enterprise", "ended"].index)
        for area in answer["insufficient"]:
            zh, en = area["reasons"][0]["zh"], area["reasons"][0]["en"]
            if area["reasons"][0]["about"] == "few_enterprises":
                n = area["figures"]["inspection_coverage"]["denominator"]
                assert f"只有{n:g}家" in zh and "不足18家" in zh and "fewer than 18" in en
            elif area["reasons"][0]["about"] == "no_enterprise":
                assert zh == "期末没有在册企业。" and area["figures"]["inspection_coverage"]["denominator"] == 0
            else:
                assert "200天内" in zh and "不等于安全" in zh and "does not make it safe" in en
        earlier, _ = check(server, lists, level, "2025-01", 10) if level == "town" else (None, None)
        assert earlier is None or all(r["assumption"] for r in earlier["rules"]["components"])
    assert regions(server, level, period="2025-02")["ranked"] == general["ranked"]


@pytest.mark.parametrize("period,level,query", [("2025-01", "town", {}), ("2025-Q1", "town", {}), ("2025-Q1", "village", {}), ("2025-01", "town", {"mode": "as_of", "as_of": "2025-03-01"})])
def test_who_is_responsible_is_who_held_the_posts_that_day(server, district, period, level, query):  # noqa: F811
    """By the file that was imported: who headed town 6 until March, who acts there since, and the villages without a safety officer."""
    people = {p["key"]: p for p in csv.DictReader(open(district / "people.csv"))}
    required = {p["code"] for p in get(server, "posts")["items"] if p["level"] == level and p["required"]}
    answer = regions(server, level, period=period, **query)
    day = query.get("as_of") or (datetime.date.fromisoformat(answer["window"]["to"]) - datetime.timedelta(1)).isoformat()
    assert answer["responsible_on"] == day
    held = collections.defaultdict(list)
    for a in csv.DictReader(open(district / "assignments.csv")):
        if a["from"] <= day and (not a["to"] or day < a["to"]):
            phone = people[a["person"]]["phone"]
            held[a["cell"]].append((a["post"], people[a["person"]]["name"], a["acting"] == "true", phone[:3] + "****" + phone[-4:]))
    vacant = 0
    for area in answer["ranked"] + answer["insufficient"]:
        told = [(h["post"], h["person"]["name"], h["acting"], h["person"]["phone"]) for h in area["responsible"] if not h["vacant"]]
        assert sorted(told) == sorted(held[area["cell"]["code"]])
        missing = {h["post"] for h in area["responsible"] if h["vacant"]}
        assert missing == required - {h[0] for h in told} and all(h["person"] is None and h["zh"] and h["en"] for h in area["responsible"] if h["vacant"])
        vacant += len(missing)
    acting = {a["cell"]["code"] for a in answer["ranked"] for h in a["responsible"] if h["acting"]}
    assert vacant > 0 if level == "village" else acting == ({"990107006000"} if day >= "2025-03-01" else set())


@pytest.mark.parametrize("level,query", [("town", {"period": "2025-Q1"}), ("village", {"period": "2025-Q3", "mode": "as_is"}), ("town", {"period": "2025", "mode": "as_of", "as_of": "2025-06-01"}), ("village", {"period": "2025-02", "known_at": "2126-01-01T00:00:00Z"})])
def test_links_answer_with_what_the_area_was_told_by(server, district, level, query):  # noqa: F811
    leader = server.session("leader")
    answer = regions(server, level, **query)

    def everything(link):
        items, after = [], ""
        while after is not None:
            page = leader.get(f"{server.base}{link}&limit=1000{after and '&after=' + after}")
            assert page.status_code == 200, page.text
            items, after = items + page.json()["items"], page.json()["next"]
        return items
    for area in answer["ranked"][:3] + answer["ranked"][-1:] + answer["insufficient"][:2]:
        links, figures = area["links"], area["figures"]
        assert len(everything(links["hazards"])) == figures["open_hazards_per_enterprise"]["numerator"] == len(everything(figures["open_hazards_per_enterprise"]["records"]))
        assert len(everything(links["enterprises"])) == figures["overdue_enterprises"]["numerator"]
        table = leader.get(server.base + links["figures"], params={"measures": "overdue_enterprises,inspection_coverage"}).json()
        assert [r["cell"]["id"] for r in table["rows"]] == [area["cell"]["id"]]
        assert table["rows"][0]["figures"] == {m: figures[m] for m in ("overdue_enterprises", "inspection_coverage")}
        shape = leader.get(server.base + links["map"]).json()
        assert shape["geometry"]["type"] == "MultiPolygon" and shape["properties"]["code"] == area["cell"]["code"]


def test_only_coordinators_of_the_whole_district_set_rules(server, district):  # noqa: F811
    from test_rights import make
    number, api = server.district(SCHEME), server.base + "/api/v1/"
    town = get(server, f"cells/code:{SCHEME}:990107002000")["id"]
    rule = {"district": number, "from": "2025-01-01", "component": "accidents", "weight": 1, "scale": "mean", "zero_at": 0, "full_at": 3}
    floor = {"district": number, "from": "2025-01-01", "name": "enterprises", "value": 5}
    of_town = make(server, "regions-of-town", "coordinator", district=number, cell=town)
    for path, body in (("score-rules", rule), ("score-floors", floor)):
        refused = of_town.post(api + path, json=body)
        assert refused.status_code == 403 and "district" in refused.json()["detail"], refused.text
        for role in ("leader", "officer"):
            assert server.session(role).post(api + path, json=body).status_code == 403
    # A leader of a town sees the list of its own town, and nobody else's.
    of_town = make(server, "regions-leader", "leader", district=number, cell=town)
    own = of_town.get(api + "key-regions", params={"within": town, "level": "village", "period": "2025"}).json()
    assert {r["cell"]["code"][:9] for r in own["ranked"] + own["insufficient"]} == {"990107002"}
    assert of_town.get(api + "key-regions", params={"within": CITY, "level": "village", "period": "2025"}).status_code == 403
