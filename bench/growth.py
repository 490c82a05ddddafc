"""Whether figures stay as quick as events grow: a request for the figures of Chicago's 801 villages at 1, 10 and 100 times its events.
Each scale is a database of its own with a server of its own; the copies of an event lie in the same place and year, on a day drawn at
random (bench/sql/growth.sql). Requests go to the three in turn, each for another window that begins and ends within months, each after
the closing of a hazard was corrected (of measures of visits: a visit was withdrawn) and folded, so that nothing is answered from a cache and what is kept in memory has changed."""
import datetime
import random
import re
import statistics
import subprocess
import sys
import time

import requests

from importing import DATA, ROOT, Databases, run

SCALES = (1, 10, 100)
ASKED = [("hazard_density", {}), ("hazard_density", {"mode": "as_is"}), ("hazard_density", {"mode": "as_of", "as_of": "2013-05-17"}), ("open_hazard_density", {}),
         ("rectification_rate", {}), ("time_to_rectify", {}), ("time_to_rectify", {"mode": "as_is"}), ("recurrence_90d", {}),
         ("on_time_rate,overdue_hazards,major_reinspection,weighted_hazard_density,hazards_per_inspection", {}), ("due_coverage,frequency_compliance,overdue_enterprises,over_inspection", {}),
         ("effective_supervision", {}), ("inspection_coverage", {}), ("inspection_coverage", {"mode": "as_is"}), ("hazard_density,open_hazard_density,hazards_per_enterprise,inspection_coverage,inspection_visits", {}),
         ("weighted_open_hazard_density,open_hazards_per_enterprise,hazards_per_1000_employees,open_hazards_per_1000_employees,hazards_per_patrol", {}),
         ("inspections_attempted,risk_weighted_coverage,exempt_enterprises,accidents,accidents_per_enterprise,risk_highest,risk_index", {}),
         ("patrol_coverage,patrol_visits,patrols_attempted,patrol_due_coverage,patrol_frequency_compliance,patrol_overdue_enterprises,patrol_risk_weighted_coverage", {}),
         ("officers_per_100_enterprises,enterprises_per_safety_officer,cells_per_km2", {})]


# A hazard of a day drawn at random is closed on another.
CORRECTED = """select event_correct('hazard', 1, (select id from hazard where day = date '2012-01-01' + (random() * 500)::int and closed_on is not null and upper_inf(recorded) limit 1), '*',
                                    jsonb_build_object('closed_on', date '2014-05-01' + (random() * 20)::int), 'bench', null, null)"""


# A visit of a day drawn at random is withdrawn.
WITHDRAWN = """select event_withdraw('inspection', 1, (select id from inspection where day = date '2012-01-01' + (random() * 500)::int and upper_inf(recorded) limit 1), '*', 'bench', 'bench', null)"""


class Scaled:
    """A server on the events of Chicago, so many times."""

    def __init__(self, databases, scale):
        self.name, self.databases = f"bench_growth_{scale}", databases
        if scale == 1:
            databases.make(self.name)
            run(ROOT / "build/release/gridward", "import", "--database", databases.url(self.name), DATA / "recipe.toml")
        else:
            databases.make(self.name, "bench_growth_1")
            run("psql", databases.url(self.name, "postgres"), "-Xq", "-v", "ON_ERROR_STOP=1", "-v", f"scale={scale}", "-f", ROOT / "bench/sql/growth.sql")
        self.events = int(databases.sql(self.name, "select count(*) from event_key"))

    def start(self):
        url = self.databases.url(self.name)
        password = run(ROOT / "build/release/gridward", "user", "add", "bench", "--role", "leader", "--database", url).split()[1]
        self.process = subprocess.Popen([ROOT / "build/release/gridward", "serve", "--database", url, "--port", "0", "--admin-port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if found := re.search(r"serving on (http://\S+)", line):
                self.base = found[1]
                break
        self.session = requests.Session()
        token = self.session.post(self.base + "/api/v1/sessions", json={"username": "bench", "password": password}).json()["token"]
        self.session.headers.update({"Authorization": "Bearer " + token, "Accept-Encoding": "identity"})

    def ask(self, measures, window, mode):
        """Seconds of one request, after a correction and a version of its own."""
        visits = any(name in measures for name in ("inspection", "due_coverage", "supervision"))
        self.databases.sql(self.name, WITHDRAWN if visits else CORRECTED, "select fold(1)", "select pg_notify('gridward_version', '')")
        began = time.perf_counter()
        answer = self.session.get(self.base + "/api/v1/figures", params={"within": "code:chicago:chicago", "level": "village", "measures": measures, **window, **mode})
        took = time.perf_counter() - began
        assert answer.status_code == 200 and len(answer.json()["rows"]) == 801, answer.text[:500]
        return took

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def a_window():
    start = datetime.date(2011, 1, 2) + datetime.timedelta(days=random.randrange(700))
    return {"from": start.isoformat(), "to": (start + datetime.timedelta(days=300 + random.randrange(200))).isoformat()}


def section(server, rounds):
    databases = Databases(server)
    result, scaled = {}, []
    try:
        scaled = [Scaled(databases, scale) for scale in SCALES]
        for one in scaled:
            one.start()
        unasked = set(scaled[0].session.get(scaled[0].base + "/api/v1/figures/legend").json()["legend"]) - {m for measures, _ in ASKED for m in measures.split(",")}
        assert not unasked, f"no growth is measured of {unasked}"
        for measures, mode in ASKED:
            seen = {one.name: [] for one in scaled}
            for n in range(8 * rounds + 2):
                window = a_window()
                for one in scaled:
                    took = one.ask(measures, window, mode)
                    if n >= 2:  # the first warm up
                        seen[one.name].append(took * 1000)
            medians = [statistics.median(seen[one.name]) for one in scaled]
            name = f"figures of 801 villages, ms: {measures} {mode.get('mode', 'as_was')}"
            result[name] = {**{f"{one.events} events": ms for one, ms in zip(scaled, medians)}, "10 x / 1 x": medians[1] / medians[0], "100 x / 1 x": medians[2] / medians[0]}
            print(name, *(round(number, 2) for number in result[name].values()), file=sys.stderr)  # twenty minutes are long to wait in the dark
    finally:
        for one in scaled:
            if hasattr(one, "process"):
                one.stop()
        databases.drop(*(f"bench_growth_{scale}" for scale in SCALES))
    return result
