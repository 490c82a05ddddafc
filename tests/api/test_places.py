"""A map that changes at random behind its events: after each change the figures of any day are those of place(), asked for each event."""
import collections
import concurrent.futures
import json
import random
import subprocess
import time
import uuid

import pytest

import plans
from harness import ROOT
from plans import psql

RECIPE = plans.RECIPE.replace("SCHEME", "shift").replace("towns.geojson", "towns.csv").replace(', due_on = "due"', "")
WEST, EAST, SOUTH, NORTH = 125.0, 125.6, 30.0, 30.1


def ring(west, east):
    return [[[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]]


class Office:
    """Six villages in a row, whose borders move, which pass between two towns, and of which one may be missing."""

    def __init__(self, server, folder):
        self.server, self.rng = server, random.Random(20240229)
        self.borders = [WEST + 0.1 * i for i in range(7)]
        self.coordinator = server.session("coordinator")
        features = [{"type": "Feature", "properties": {"code": f"V{i}", "parent": f"T{i // 3}"}, "geometry": {"type": "Polygon", "coordinates": ring(*self.borders[i:i + 2])}} for i in range(6)]
        (folder / "villages.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        (folder / "towns.csv").write_text("code,name\nT0,West\nT1,East\n")
        rng = self.rng
        point = lambda: (round(rng.uniform(WEST - 0.05, EAST + 0.05), 4), round(rng.uniform(SOUTH, NORTH), 4))
        day = lambda: f"{rng.choice(range(2018, 2024))}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        (folder / "enterprises.csv").write_text("code,lon,lat\n" + "".join(f"e{i},{x},{y}\n" for i, (x, y) in ((i, point()) for i in range(40))))
        rows = "key,day,closed,lon,lat,enterprise,cell\n"
        for i in range(400):
            x, y = point() if i % 3 else ("", "")
            rows += f"{i},{day()},{'2023-12-31' if i % 4 == 0 else ''},{x},{y},{f'e{rng.randrange(40)}' if i % 5 == 0 else ''},{f'V{rng.randrange(6)}' if i % 7 == 0 else ''}\n"
        (folder / "hazards.csv").write_text(rows)
        (folder / "inspections.csv").write_text("key,day,enterprise\n" + "".join(f"{i},{day()},e{rng.randrange(40)}\n" for i in range(120)))
        (folder / "recipe.toml").write_text(RECIPE)
        done = subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, folder / "recipe.toml"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        self.district = server.district("shift")
        self.cell = {code: int(i) for code, i in (line.split("\t") for line in psql(server, f"select code, cell_id from cell_code where district_id = {self.district}").splitlines())}
        self.kept = {f"V{i}" for i in range(6)}

    def change(self, code, **what):
        answer = self.coordinator.patch(f"{self.server.base}/api/v1/cells/{self.cell[code]}", json=what)
        assert answer.status_code == 200, answer.text

    def change_at_random(self):
        rng = self.rng
        day = f"{rng.choice(range(2019, 2024))}-{rng.randint(1, 12):02}-01"
        choice, i = rng.random(), rng.randrange(5)
        if choice < 0.45:    # the border between two moves; for a moment they lap over or leave a gap, as offices do
            self.borders[i + 1] = round(rng.uniform(self.borders[i] + 0.01, self.borders[i + 2] - 0.01), 4)
            for one in (i, i + 1):
                if f"V{one}" in self.kept:
                    self.change(f"V{one}", **{"from": day, "geometry": {"type": "Polygon", "coordinates": ring(*self.borders[one:one + 2])}})
        elif choice < 0.8:   # one passes to a town
            code = rng.choice(sorted(self.kept))
            self.change(code, **{"from": day, "parent": str(self.cell[rng.choice(["T0", "T1"])])})
        elif choice < 0.9 and len(self.kept) > 4:   # one ends
            code = rng.choice(sorted(self.kept))
            self.kept.remove(code)
            self.change(code, **{"from": "2023-06-01", "to": "2023-07-01"})
        else:                # an enterprise is given to another
            self.change(f"e{rng.randrange(40)}", **{"from": day, "parent": str(self.cell[rng.choice(sorted(self.kept))])})

    def record(self, day, lon=None, lat=None, enterprise=None):
        """A hazard as a client sends it, by its point or by its enterprise."""
        where = {"enterprise": self.cell[enterprise]} if enterprise else {"lon": lon, "lat": lat}
        answer = self.coordinator.post(self.server.base + "/api/v1/hazards", json={"id": str(uuid.uuid4()), "district": self.district, "day": day, "source": "patrol", "grade": "general", **where})
        assert answer.status_code == 201, answer.text

    def record_at_random(self):
        day = f"{self.rng.choice(range(2017, 2024))}-{self.rng.randint(1, 12):02}-{self.rng.randint(1, 28):02}"
        self.record(day, self.rng.uniform(WEST - 0.02, EAST + 0.02), self.rng.uniform(SOUTH, NORTH))
        self.record(day, enterprise=f"e{self.rng.randrange(40)}")


@pytest.fixture(scope="module")
def office(server, tmp_path_factory):
    return Office(server, tmp_path_factory.mktemp("shift"))


def by_place(office, kind, map_day, level):
    """The events by the code of their cell of a level; with a map day as they stand on it, else on their own day. '' is the rest."""
    code = collections.Counter()
    for line in psql(office.server, f"""
      select coalesce(k.code, ''), count(*) from {kind} e
      cross join lateral (select coalesce({f"date '{map_day}'" if map_day else 'null'}, e.day) as day) d
      cross join lateral place(e.district_id, d.day, e.enterprise_id, e.location, e.cell_code) p
      left join cell leaf on leaf.district_id = e.district_id and leaf.id = p.leaf
      left join cell_parent up on up.district_id = e.district_id and up.cell_id = p.leaf and up.valid @> d.day and upper_inf(up.recorded)
      left join cell_code k on k.district_id = e.district_id and k.cell_id = case when leaf.level = {level} then leaf.id when leaf.level = 3 then up.parent_id end
        and k.valid @> d.day and upper_inf(k.recorded)
      where e.district_id = {office.district} and upper_inf(e.recorded) group by 1""").splitlines():
        name, n = line.rsplit("\t", 1)
        code[name] += int(n)
    return code


def by_figures(office, measure, map_day, level):
    asked = {"within": "code:shift:D", "level": level, "from": "2017-01-01", "to": "2024-01-01", "measures": measure, **({"mode": "as_of", "as_of": map_day} if map_day else {})}
    answer = office.coordinator.get(office.server.base + "/api/v1/figures", params=asked)
    assert answer.status_code == 200, answer.text
    answer = answer.json()
    code = collections.Counter({r["cell"]["code"]: r["figures"][measure]["numerator"] for r in answer["rows"]})
    code[""] = sum(r["figures"][measure]["numerator"] for r in answer["direct"] + [answer["unplaced"]])
    return code


def test_figures_follow_a_map_that_changes_at_random(office):
    for step in range(31):
        if step:  # at first the map has one day, and something has happened before it
            office.change_at_random()
        office.record_at_random()
        days = [None, "2018-01-01", "2023-12-31", f"{office.rng.choice(range(2018, 2024))}-{office.rng.randint(1, 12):02}-{office.rng.randint(1, 28):02}"]
        for day in days if step % 5 == 4 else days[:2] + days[3:]:
            for kind, measure in (("hazard", "hazard_density"), ("inspection", "inspection_visits")):
                for number, level in ((3, "village"), (2, "town")):
                    right, told = by_place(office, kind, day, number), by_figures(office, measure, day, level)
                    assert +right == +told, (step, kind, day, level)
    checked = subprocess.run([ROOT / "build/release/gridward", "check", "figures", "--database", office.server.database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_event_that_comes_while_the_map_changes_is_placed_on_the_new_map(office):
    """The change holds the map until it commits, so an event either is there to be placed anew, or is placed on the new map."""
    point = {"id": str(uuid.uuid4()), "district": office.district, "lon": (WEST + EAST) / 2, "lat": (SOUTH + NORTH) / 2, "day": "2024-03-01", "source": "patrol", "grade": "general"}
    village = int(psql(office.server, f"select cell_at({office.district}, '2024-03-01', 'SRID=4490;POINT({point['lon']} {point['lat']})')"))
    office.kept -= {code for code, cell in office.cell.items() if cell == village}
    change = subprocess.Popen(["psql", office.server.database, "-XqAt", "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    change.stdin.write(f"begin; select cell_close({office.district}, {village}, '2024-02-01'), map_held({office.district}, true), map_epochs_refresh({office.district});"
                       f" select places_refresh({office.district}, array[{village}], '2024-02-01'), bump({office.district}, true);\n\\echo changed\n")
    change.stdin.flush()
    while change.stdout.readline().strip() != "changed":
        assert change.poll() is None
    with concurrent.futures.ThreadPoolExecutor() as one:
        answer = one.submit(office.coordinator.post, office.server.base + "/api/v1/hazards", json=point)
        time.sleep(1)
        assert not answer.done(), answer.result().text  # it waits for the map
        change.communicate("commit;\n", timeout=30)
        recorded = answer.result(30)
    assert recorded.status_code == 201, recorded.text
    assert recorded.json()["rule"] == "unplaced" or recorded.json()["cell"] != str(village), recorded.text


def test_an_event_stands_where_place_says_whatever_the_server_has_in_memory(office):
    """The server tells the database where a point lies on the map that it keeps, which may be behind: it is then placed anew. It reads the map again after five seconds."""
    def record(x, y, day):
        hazard = {"id": str(uuid.uuid4()), "district": office.district, "lon": x, "lat": y, "day": day, "source": "patrol", "grade": "general"}
        answer = office.coordinator.post(office.server.base + "/api/v1/hazards", json=hazard)
        assert answer.status_code == 201, answer.text
        return answer.json()
    def check(points):
        for x, y in points:
            told = record(x, y, "2024-05-01")
            leaf, rule, chain = psql(office.server, f"""
              select coalesce(p.leaf, 0), p.rule, chain_of({office.district}, p.leaf, '2024-05-01')
              from place({office.district}, '2024-05-01', null, ST_SetSRID(ST_MakePoint({x!r}, {y!r}), 4490), null) p""").strip().split("\t")
            kept = psql(office.server, f"select chain_id from hazard where district_id = {office.district} and id = '{told['id']}' and upper_inf(recorded)").strip()
            assert (str(told["cell"] or 0), told["rule"], kept) == (leaf, rule, chain), (x, y)
    rng = office.rng
    inside = lambda: (rng.uniform(WEST - 0.01, EAST + 0.01), rng.uniform(SOUTH, NORTH))
    edges = lambda: [(x, y) for x in office.borders for y in (SOUTH, rng.uniform(SOUTH, NORTH), NORTH)]
    one, two = next((i, i + 1) for i in range(5) if f"V{i}" in office.kept and f"V{i + 1}" in office.kept)
    for _ in range(2):
        time.sleep(5.5)
        check([inside() for _ in range(15)] + edges())
        old = office.borders[two]
        office.borders[two] = office.borders[one] + (0.3 if old - office.borders[one] > 0.5 * (office.borders[two + 1] - office.borders[one]) else 0.7) * (office.borders[two + 1] - office.borders[one])
        for i in (one, two):
            office.change(f"V{i}", **{"from": "2024-04-01", "geometry": {"type": "Polygon", "coordinates": ring(*office.borders[i:i + 2])}})
        check([((old + office.borders[two]) / 2, (SOUTH + NORTH) / 2)] + edges())
