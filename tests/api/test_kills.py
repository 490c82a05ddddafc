"""kill -9 of the server or of PostgreSQL at random moments under load: no acknowledged write is lost, and what was lost comes back by itself."""
import os
import random
import subprocess
import threading
import time
import uuid

import requests

from cluster import Cluster
from harness import BINARY

KILLS = int(os.environ.get("TEST_KILLS", "10"))


def test_kills_lose_no_acknowledged_write():
    cluster = Cluster()
    assert (os.geteuid() == 0) == (cluster.data.parent != cluster.folder)
    cluster.start_postgres()
    cluster.start_server()
    base = cluster.base
    token = requests.post(base + "/api/v1/sessions", json={"username": "officer", "password": cluster.passwords["officer"]}).json()["token"]
    headers = {"Authorization": "Bearer " + token}
    district = requests.get(base + "/api/v1/districts", headers=headers).json()["items"][0]["id"]
    acknowledged, statuses, stop = [], set(), threading.Event()

    def write(seed):
        rng = random.Random(seed)
        while not stop.is_set():
            one = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            body = {"id": one, "district": district, "day": "2025-05-05", "source": "patrol", "grade": "general", "lon": rng.uniform(124, 124.5), "lat": rng.uniform(30, 30.2)}
            try:
                answer = requests.post(base + "/api/v1/hazards", json=body, headers=headers, timeout=10)
                statuses.add(answer.status_code)
                if answer.status_code == 503:
                    assert "Retry-After" in answer.headers
                if answer.status_code == 201:
                    acknowledged.append(one)
            except requests.RequestException:
                time.sleep(0.05)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for t in threads:
        t.start()
    rng = random.Random(7)
    for n in range(KILLS):
        time.sleep(rng.uniform(0.2, 1.0))
        if n % 2:
            cluster.kill_postgres()
            time.sleep(rng.uniform(0.0, 0.5))
            cluster.start_postgres()  # the server finds it again by itself
        else:
            cluster.kill_server()
            cluster.start_server()
    time.sleep(1)
    recovered = len(acknowledged)
    time.sleep(2)
    assert len(acknowledged) > recovered, "the server did not come back by itself"
    stop.set()
    for t in threads:
        t.join()
    have = set(cluster.query("select id from hazard where upper_inf(recorded)").split())
    assert [one for one in acknowledged if one not in have] == []
    assert statuses <= {201, 503}, statuses
    checked = subprocess.run([BINARY, "check", "--database", cluster.database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    cluster.stop()
    cluster.remove()
    print(f"{len(acknowledged)} acknowledged writes through {KILLS} kills, none lost")
