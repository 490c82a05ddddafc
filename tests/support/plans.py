"""A made-up district for reassignment plans: towns of villages in a grid, with enterprises, people who hold the posts, and events of some years."""
import datetime
import json
import random
import subprocess
import uuid

from harness import ROOT

RECIPE = """
[district]
scheme = "SCHEME"
time_zone = "Asia/Shanghai"
holds_from = 2018-01-01
synthetic = true
[[table]]
kind = "district"
constants = { code = "D", name = "调整区", kind = "区" }
[[table]]
kind = "town"
file = "towns.geojson"
columns = { code = "code", name = "code" }
constants = { parent = "D" }
[[table]]
kind = "village"
file = "villages.geojson"
columns = { code = "code", name = "code", parent = "parent" }
[[table]]
kind = "enterprise"
file = "enterprises.csv"
crs = "EPSG:4490"
columns = { code = "code", name = "code", lon = "lon", lat = "lat" }
[[table]]
kind = "hazard"
file = "hazards.csv"
crs = "EPSG:4490"
columns = { key = "key", day = "day", closed_on = "closed", due_on = "due", lon = "lon", lat = "lat", enterprise = "enterprise", cell_code = "cell" }
constants = { source = "patrol", grade = "general" }
[[table]]
kind = "inspection"
file = "inspections.csv"
columns = { key = "key", day = "day", enterprise = "enterprise" }
constants = { result = "completed" }
"""
STEP = 0.02  # degrees of a village's side
MEASURES = "hazard_density,open_hazard_density,inspection_coverage,inspection_visits"


def psql(server, query):
    return subprocess.run(["psql", server.database, "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1"], input=query, capture_output=True, text=True, check=True).stdout


def ring(west, south, east, north):
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


class District:
    """`towns` columns of `rows` villages, two abreast; village V{t}{i} lies in town T{t}. Everything at random comes of `seed`."""

    def __init__(self, server, folder, scheme, seed, west, towns=2, rows=3, enterprises=40, events=300):
        self.server, self.scheme, self.rng = server, scheme, random.Random(seed)
        self.west, self.south = west, 31.0
        self.villages = {f"V{t}{i}": (t, i) for t in range(towns) for i in range(2 * rows)}
        self.box = {v: (round(west + STEP * (2 * t + i % 2), 6), round(31.0 + STEP * (i // 2), 6)) for v, (t, i) in self.villages.items()}
        self._write(folder, towns, rows, enterprises, events)
        done = subprocess.run([ROOT / "build/release/gridward", "import", "--database", server.database, folder / "recipe.toml"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        self.coordinator, self.approver, self.leader = server.session("coordinator"), server.session("approver"), server.session("leader")
        self.id = server.district(scheme)
        self.cell = {code: int(i) for code, i in (line.split("\t") for line in psql(server, f"select code, cell_id from cell_code where district_id = {self.id}").splitlines())}
        self.today = datetime.date.fromisoformat(psql(server, "select (now() at time zone 'Asia/Shanghai')::date").strip())
        self.people = [self._person(f"人{i}") for i in range(6)]

    def _write(self, folder, towns, rows, enterprises, events):
        rng = self.rng
        def layer(name, features):
            (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]}))
        layer("towns.geojson", [({"code": f"T{t}"}, ring(round(self.west + 2 * STEP * t, 6), self.south, round(self.west + 2 * STEP * (t + 1), 6), round(self.south + STEP * rows, 6))) for t in range(towns)])
        layer("villages.geojson", [({"code": v, "parent": f"T{t}"}, ring(*self.box[v], round(self.box[v][0] + STEP, 6), round(self.box[v][1] + STEP, 6))) for v, (t, _) in self.villages.items()])
        point = lambda: (round(rng.uniform(self.west, self.west + 2 * STEP * towns), 5), round(rng.uniform(self.south, self.south + STEP * rows), 5))
        day = lambda: f"{rng.choice(range(2022, 2026))}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        self.point = {f"e{i}": point() for i in range(enterprises)}
        (folder / "enterprises.csv").write_text("code,lon,lat\n" + "".join(f"{e},{x},{y}\n" for e, (x, y) in self.point.items()))
        lines = "key,day,closed,due,lon,lat,enterprise,cell\n"
        for i in range(events):
            x, y = point() if i % 3 else ("", "")
            lines += f"{i},{day()},{'2025-12-31' if i % 4 == 0 else ''},{'2026-01-31' if i % 2 else ''},{x},{y},{f'e{rng.randrange(enterprises)}' if i % 5 == 0 else ''},{rng.choice(list(self.villages)) if i % 7 == 0 else ''}\n"
        (folder / "hazards.csv").write_text(lines)
        (folder / "inspections.csv").write_text("key,day,enterprise\n" + "".join(f"{i},{day()},e{rng.randrange(enterprises)}\n" for i in range(events // 2)))
        (folder / "recipe.toml").write_text(RECIPE.replace("SCHEME", self.scheme))

    def _person(self, name):
        answer = self.coordinator.post(self.server.base + "/api/v1/people", json={"district": self.id, "name": name})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def url(self, *parts):
        return "/".join([self.server.base + "/api/v1/reassignments", *map(str, parts)])

    def code(self, code):
        return f"code:{self.scheme}{'-enterprise' if code.startswith('e') else ''}:{code}"

    def draft(self, *operations, status=201, who=None, **more):
        body = {"district": self.id, "title": "调整", "reason": "测试", "effective_on": str(self.today), "operations": list(operations), **more}
        answer = (who or self.coordinator).post(self.url(), json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def act(self, plan, verb, who=None, status=200, match=None, **body):
        """Does something to a plan; answers the plan as it is then."""
        version = match or f'"{plan["version"]}"'
        answer = (who or self.coordinator).post(self.url(plan["id"], verb), json=body or ({} if verb in ("approve", "acknowledge") else None), headers={"If-Match": version, "Idempotency-Key": str(uuid.uuid4())})
        assert answer.status_code == status, answer.text
        return answer.json()

    def carry(self, *operations, **more):
        """Drafts, has approved and applies."""
        plan = self.draft(*operations, **more)
        if plan["needs_approval"]:
            plan = self.act(plan, "approve", who=self.approver)
        return self.act(plan, "apply")

    def take_back(self, plan, **more):
        answer = self.coordinator.post(self.url(plan["id"], "revert"), json={"reason": "撤销测试", **more}, headers={"If-Match": "*"})
        assert answer.status_code == 201, answer.text
        back = answer.json()
        if back["needs_approval"]:
            back = self.act(back, "approve", who=self.approver)
        return self.act(back, "apply")

    def figures(self, level="village", within="D", **query):
        query = {"within": self.code(within), "level": level, "from": "2022-01-01", "to": "2026-01-01", "measures": MEASURES, **query}
        answer = self.leader.get(self.server.base + "/api/v1/figures", params=query)
        assert answer.status_code == 200, answer.text
        document = answer.json()
        return {key: document[key] for key in ("rows", "direct", "unplaced")}

    def said(self):
        """All that is known now of cells and posts, by what it says on each day: ids of assignments and instants left out."""
        return psql(self.server, f"""
          select 'life', cell_id, range_agg(valid)::text, '' from cell_life where district_id = {self.id} and upper_inf(recorded) group by 2
          union all select 'code', cell_id, range_agg(valid)::text, scheme || ':' || code from cell_code where district_id = {self.id} and upper_inf(recorded) group by 2, 4
          union all select 'name', cell_id, range_agg(valid)::text, name from cell_name where district_id = {self.id} and upper_inf(recorded) group by 2, 4
          union all select 'parent', cell_id, range_agg(valid)::text, parent_id::text from cell_parent where district_id = {self.id} and upper_inf(recorded) group by 2, 4
          union all select 'shape', cell_id, range_agg(valid)::text, md5(ST_AsBinary(geom)) from cell_shape where district_id = {self.id} and upper_inf(recorded) group by 2, 4
          union all select 'fact', cell_id, range_agg(valid)::text, ST_AsText(location) from enterprise where district_id = {self.id} and upper_inf(recorded) group by 2, 4
          union all select 'post', cell_id, range_agg(valid)::text, post || ' ' || person_id || ' ' || acting from assignment where district_id = {self.id} and upper_inf(recorded) group by 2, 4
          order by 1, 2, 4""")

    def recounted(self):
        done = subprocess.run([ROOT / "build/release/gridward", "check", "figures", "--database", self.server.database], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
