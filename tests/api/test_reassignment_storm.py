"""Many who draft and apply plans on one district at once, while the server is killed: what was acknowledged is there, and no plan is half done."""
import collections
import os
import random
import subprocess
import threading
import time
import uuid

import requests

from cluster import Cluster
from harness import BINARY

CLIENTS = int(os.environ.get("TEST_CLIENTS", "200"))
SECONDS = float(os.environ.get("TEST_STORM_SECONDS", "15"))
KILLS = int(os.environ.get("TEST_KILLS", "3"))


class Storm:
    def __init__(self, cluster):
        self.cluster, self.applied, self.statuses, self.stop = cluster, [], collections.Counter(), threading.Event()
        rows = lambda sql: [line.split("|") for line in cluster.query(sql).splitlines()]
        self.district, self.today = rows("select id, (now() at time zone time_zone)::date from district limit 1")[0]
        cells = rows(f"select c.id, c.level from cell c join cell_life l on l.cell_id = c.id and l.valid @> date '{self.today}' and upper_inf(l.recorded) where c.level in (2, 3)")
        self.towns, self.villages = ([i for i, level in cells if level == wanted] for wanted in ("2", "3"))
        self.people = [int(i) for i, in rows("select id from person order by id limit 300")]
        self.headers = {name: {"Authorization": "Bearer " + requests.post(cluster.base + "/api/v1/sessions", json={"username": name, "password": cluster.passwords[name]}).json()["token"]}
                        for name in ("coordinator", "approver")}

    def ask(self, path, who="coordinator", match=None, **body):
        headers = {**self.headers[who], "Idempotency-Key": str(uuid.uuid4()), **({"If-Match": match} if match else {})}
        answer = requests.post(f"{self.cluster.base}/api/v1/reassignments{path}", json=None if path.endswith("/apply") else body, headers=headers, timeout=30)
        self.statuses[answer.status_code] += 1
        return answer.json() if answer.status_code < 300 else None

    def client(self, seed):
        rng = random.Random(seed)
        while not self.stop.is_set():
            try:
                moves = rng.random() < 0.05
                operation = ({"kind": "move_cell", "cell": rng.choice(self.villages), "parent": rng.choice(self.towns)} if moves else
                             {"kind": "assign", "cell": rng.choice(self.villages[:20]), "post": "safety_officer", "person": rng.choice(self.people)})
                at_once = not moves and rng.random() < 0.5
                plan = self.ask("", district=int(self.district), title="忙", reason="试", effective_on=self.today, operations=[operation], apply=at_once)
                if plan and not at_once:
                    if plan["needs_approval"]:
                        plan = self.ask(f"/{plan['id']}/approve", who="approver", match=f'"{plan["version"]}"')
                    plan = plan and self.ask(f"/{plan['id']}/apply", match=f'"{plan["version"]}"')
                if plan:
                    self.applied.append(plan["id"])
            except requests.RequestException:
                time.sleep(0.1)


def test_a_storm_of_plans_through_kills():
    cluster = Cluster()
    cluster.start_postgres()
    cluster.start_server()
    storm = Storm(cluster)
    threads = [threading.Thread(target=storm.client, args=(seed,)) for seed in range(CLIENTS)]
    for t in threads:
        t.start()
    for _ in range(KILLS):
        time.sleep(SECONDS / (KILLS + 1))
        cluster.kill_server()
        cluster.start_server()
    time.sleep(SECONDS / (KILLS + 1))
    storm.stop.set()
    for t in threads:
        t.join()
    assert set(storm.statuses) <= {200, 201, 409, 412, 422, 503}, storm.statuses
    status = dict(line.split("|") for line in cluster.query("select id, status from reassignment").splitlines())
    assert storm.applied and {status.get(plan) for plan in storm.applied} == {"applied"}, "what was acknowledged is there"
    # All that was written of posts and parents since belongs to a plan that was applied, whole; and each such plan wrote what it says.
    stray = cluster.query("""
      select count(*) from (select recorded from assignment union all select p.recorded from cell_parent p) x
      where lower(x.recorded) >= (select min(created_at) from reassignment)
        and not exists (select from reassignment r where r.status in ('applied', 'reverted') and lower(x.recorded) between r.applied_at and r.settled_at)""").strip()
    half = cluster.query("""
      select count(*) from reassignment r join reassignment_operation o on o.plan = r.id and o.state = 'active'
      where (r.status = 'applied') <> case o.kind
        when 'assign' then exists (select from assignment a where a.cell_id = (o.body->>'cell')::bigint and a.person_id = (o.body->>'person')::bigint and lower(a.recorded) between r.applied_at and r.settled_at)
        else exists (select from cell_parent p where p.cell_id = (o.body->>'cell')::bigint and p.parent_id = (o.body->>'parent')::bigint and lower(p.recorded) between r.applied_at and r.settled_at) end""").strip()
    twice = cluster.query("""
      select count(*) from assignment a join assignment b on b.cell_id = a.cell_id and b.post = a.post and b.id <> a.id and b.valid && a.valid
      where a.is_primary and upper_inf(a.recorded) and upper_inf(b.recorded)""").strip()
    assert (stray, half, twice) == ("0", "0", "0")
    for what in ("figures", "audit"):
        checked = subprocess.run([BINARY, "check", what, "--database", cluster.database], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout
    print(f"{len(storm.applied)} plans applied by {CLIENTS} clients in {SECONDS:.0f} s through {KILLS} kills; answers {dict(storm.statuses)}")
    cluster.stop()
    cluster.remove()
