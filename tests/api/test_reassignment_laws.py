"""Random plans on random hierarchies: what was stays as it was, nothing is lost or counted twice, and what is taken back is as it had been."""
import datetime
import random

import pytest

from plans import District, psql

MEASURES = ("hazard_density", "open_hazard_density", "inspection_visits")
ALL = "all"  # measures


class Office(District):
    """A district with random plans. `alive` are the codes of villages, each with its town as far as we know; the truth is asked."""

    def __init__(self, server, folder, scheme, seed, west):
        rng = random.Random(seed)
        super().__init__(server, folder, scheme, seed, west, towns=rng.randint(2, 3), rows=rng.randint(1, 3), enterprises=rng.randint(15, 50), events=rng.randint(100, 250))
        self.fresh = 0

    def villages_now(self):
        return [(int(i), k, int(p)) for i, k, p in (line.split("\t") for line in psql(self.server, f"""
          select c.id, k.code, p.parent_id from cell c join cell_life l on l.district_id = c.district_id and l.cell_id = c.id and l.valid @> date '{self.today}' and upper_inf(l.recorded)
          join cell_code k on k.cell_id = c.id and k.valid @> date '{self.today}' and upper_inf(k.recorded) join cell_parent p on p.cell_id = c.id and p.valid @> date '{self.today}' and upper_inf(p.recorded)
          where c.district_id = {self.id} and c.level = 3 order by 1""").splitlines())]

    def operation(self):
        rng, villages = self.rng, self.villages_now()
        towns = [self.cell[t] for t in self.cell if t.startswith("T")]
        (one, _, up), (two, _, _) = rng.sample(villages, 2)
        self.fresh += 1
        name = lambda: {"code": f"N{self.fresh}{rng.randrange(10**6)}", "name": "新"}
        west, east = (float(x) for x in psql(self.server, f"select ST_XMin(geom), ST_XMax(geom) from cell_shape where cell_id = {one} and valid @> date '{self.today}' and upper_inf(recorded)").split())
        line = {"type": "LineString", "coordinates": [[rng.uniform(west, east), 30], [rng.uniform(west, east), 32]]}
        kind = rng.choice(["assign", "assign", "move_cell", "move_enterprise", "merge", "survive", "split", "swap"])
        return {"assign": {"kind": "assign", "cell": str(one), "post": "safety_officer", "person": rng.choice(self.people + [None]), **({"to": str(self.today + datetime.timedelta(rng.randint(1, 90)))} if rng.random() < 0.4 else {})},
                "move_cell": {"kind": "move_cell", "cell": str(one), "parent": str(rng.choice([t for t in towns if t != up]))},
                "move_enterprise": {"kind": "move_enterprise", "cell": self.code(rng.choice(list(self.point))), "cause": rng.choice(["moved", "boundary_changed"]), "parent": str(two)},
                "merge": {"kind": "merge", "sources": [str(one), str(two)], "into": name()},
                "survive": {"kind": "merge", "sources": [str(one), str(two)], "into": {"cell": str(one)}},
                "split": {"kind": "split", "cell": str(one), "line": line, "targets": [name(), name()]},
                "swap": {"kind": "swap", "cell": str(one), "with": str(two)}}[kind]

    def plan_at_random(self):
        """Applies a plan of one to three operations, on today; None where a later one did not fit the former ones, which the office may say."""
        body = {"district": self.id, "title": "随机", "reason": "测试", "effective_on": str(self.today), "operations": [self.operation() for _ in range(self.rng.randint(1, 3))]}
        answer = self.coordinator.post(self.url(), json=body)
        if answer.status_code in (409, 422):
            return None
        assert answer.status_code == 201, answer.text
        plan = answer.json()
        told = {level: self.compared(plan, level) for level in ("village", "town", "district")}
        before = {level: self.all_figures(level) for level in told}
        plan = self.act(plan, "approve", who=self.approver) if plan["needs_approval"] else plan
        plan = self.act(plan, "apply")
        for level, document in told.items():
            assert any(r["after"] for r in document["rows"]) or {o["kind"] for o in body["operations"]} == {"assign"}
            for side, right in (("before", before[level]), ("after", self.all_figures(level))):
                rows = [r[side] for r in document["rows"] if r[side]]
                assert {r["cell"]["code"]: bare(r["figures"]) for r in rows} == {r["cell"]["code"]: bare(right[r["cell"]["code"]]) for r in rows}, (side, level, plan)
        loads = self.loads()
        assert {(p["person"], p["post"]): p["after"] for p in told["village"]["loads"]["people"] if p["after"]} == loads, plan
        return plan

    def compared(self, plan, level):
        answer = self.leader.post(self.url(plan["id"], "compare"), params={"level": level, "measures": ALL, "from": "2024-03-05", "to": "2026-01-01"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def all_figures(self, level):
        return {r["cell"]["code"]: r["figures"] for r in self.figures(level=level, mode="as_of", as_of=str(self.today), measures=ALL, **{"from": "2024-03-05", "to": "2026-01-01"})["rows"]}

    def loads(self):
        people = self.leader.get(self.server.base + "/api/v1/workload", params={"within": self.code("D"), "at": str(self.today)}).json()["people"]
        return {(p["person"], p["post"]): {k: p[k] for k in ("cells", "enterprises", "visits_due", "open_hazards", "minutes")} for p in people}


def bare(figures):
    return {m: {k: v for k, v in f.items() if "records" not in k} for m, f in figures.items()}


def numerators(rows):
    return {m: sum(r["figures"][m]["numerator"] for r in rows) for m in MEASURES}


def check_laws(office, last_year, totals):
    assert office.figures() == last_year, "as_was of last year is what it was, to the last digit"
    days = [{}, {"mode": "as_is"}] + [{"mode": "as_of", "as_of": str(d)} for d in (office.today, office.today - datetime.timedelta(1), office.today + datetime.timedelta(200), "2020-01-01")]
    for day in days:
        villages, towns = office.figures(**day), office.figures(level="town", **day)
        whole = numerators(office.figures(level="district", **day)["rows"] + [towns["unplaced"]])
        assert numerators(villages["rows"] + villages["direct"] + [villages["unplaced"]]) == numerators(towns["rows"] + towns["direct"] + [towns["unplaced"]]) == whole == totals, day
        for town in towns["rows"]:
            if not day.get("mode"):
                continue
            inside = office.figures(within=town["cell"]["code"], **day)
            assert numerators(inside["rows"] + inside["direct"]) == numerators([town]), (day, town["cell"])
            land = sum(r["figures"]["hazard_density"]["denominator"] for r in inside["rows"])
            assert land == pytest.approx(town["figures"]["hazard_density"]["denominator"], rel=1e-3), "the villages tile their town"
    assert office.figures(mode="as_is") == office.figures(mode="as_of", as_of=str(office.today))
    twice = psql(office.server, f"""select count(*) from assignment a join assignment b on b.district_id = a.district_id and b.cell_id = a.cell_id and b.post = a.post and b.id > a.id and b.valid && a.valid
      where a.district_id = {office.id} and a.is_primary and upper_inf(a.recorded) and upper_inf(b.recorded)""").strip()
    outside = psql(office.server, f"""select count(*) from assignment a where a.district_id = {office.id} and upper_inf(a.recorded) and not exists (
      select from cell_life l where l.district_id = a.district_id and l.cell_id = a.cell_id and l.valid @> a.valid and upper_inf(l.recorded))""").strip()
    orphans = psql(office.server, f"""select count(*) from cell_parent p join cell_life l on l.district_id = p.district_id and l.cell_id = p.cell_id and upper_inf(l.recorded)
      where p.district_id = {office.id} and upper_inf(p.recorded) and not exists (
        select from cell_life u where u.district_id = p.district_id and u.cell_id = p.parent_id and u.valid @> p.valid and upper_inf(u.recorded))""").strip()
    assert (twice, outside, orphans) == ("0", "0", "0")


@pytest.mark.parametrize("seed", range(4))
def test_laws_of_random_plans(server, tmp_path_factory, seed):
    office = Office(server, tmp_path_factory.mktemp("laws"), f"laws{seed}", 1000 + seed, 119.0 + seed)
    said, last_year, as_is = office.said(), office.figures(), office.figures(mode="as_is")
    audited = lambda: int(psql(server, f"select count(*) from audit where district_id = {office.id}"))
    totals = numerators(last_year["rows"] + last_year["direct"] + [last_year["unplaced"]])
    events = psql(server, f"select kind, count(*) from event_key where district_id = {office.id} group by 1 order by 1")
    done, rows = [], audited()
    while len(done) < 6:
        plan = office.plan_at_random()
        if plan:
            done.append(plan)
            check_laws(office, last_year, totals)
            assert audited() > rows, "each leaves its rows in the trail"
            rows = audited()
    office.recounted()
    for plan in reversed(done):
        office.take_back(plan)
    assert office.said() == said
    assert office.figures() == last_year and office.figures(mode="as_is") == as_is
    assert psql(server, f"select kind, count(*) from event_key where district_id = {office.id} group by 1 order by 1") == events
    office.recounted()


def test_what_is_taken_back_later_had_been_until_then(server, tmp_path_factory):
    """Applied as of ten days ago, taken back as of three days ago: in between it held."""
    office = Office(server, tmp_path_factory.mktemp("later"), "later", 77, 124.0)
    said = {day: office.figures(mode="as_of", as_of=str(office.today - datetime.timedelta(day))) for day in (11, 10, 3, 0)}
    (one, _, _), (two, _, _) = office.villages_now()[:2]
    plan = office.carry({"kind": "merge", "sources": [str(one), str(two)], "into": {"code": "NX", "name": "合"}}, effective_on=str(office.today - datetime.timedelta(10)))
    merged = office.figures(mode="as_is")
    office.take_back(plan, effective_on=str(office.today - datetime.timedelta(3)))
    at = lambda day: office.figures(mode="as_of", as_of=str(office.today - datetime.timedelta(day)))
    assert at(11) == said[11] and at(3) == said[3] and at(0) == said[0]
    bare = lambda answer: [(r["cell"]["code"], numerators([r])) for r in answer["rows"]]
    assert bare(at(10)) == bare(at(4)) == bare(merged) != bare(said[10])
    office.recounted()
