"""kill -9 of the server or of PostgreSQL at random moments under load: no acknowledged write is lost, and what was lost comes back by itself."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import uuid

import requests

from harness import BINARY

KILLS = int(os.environ.get("TEST_KILLS", "10"))


class Cluster:
    """A PostgreSQL of ours on the data of a demo, and a server on it: each can be killed and started again."""

    def __init__(self, folder):
        self.folder, self.socket = folder, tempfile.mkdtemp(prefix="gw-")
        subprocess.run([BINARY, "demo", "--data", folder, "--samples", folder, "--load-only"], check=True, capture_output=True)
        self.data = (folder / "postgres").resolve()  # elsewhere, if we are root: the folder is closed to the postgres user
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", self.socket], check=True)
        self.database = f"host={self.socket} user=gridward_app dbname=gridward"
        self.postgres = self.server = None

    def start_postgres(self):
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
        command = prefix + ["/usr/lib/postgresql/15/bin/postgres", "-D", self.data, "-c", "listen_addresses=", "-c", f"unix_socket_directories={self.socket}"]
        for _ in range(20):
            self.postgres = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(100):
                if subprocess.run(["pg_isready", "-q", "-h", self.socket]).returncode == 0:
                    return
                if self.postgres.poll() is not None:
                    break
                time.sleep(0.1)
            time.sleep(0.5)
        raise AssertionError("PostgreSQL did not start")

    def start_server(self):
        log = open(self.folder / "serve.log", "a")
        port = getattr(self, "port", 0)
        self.server = subprocess.Popen([BINARY, "serve", "--database", self.database, "--demo-database", "--port", str(port)], stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.server.stdout:
            if "serving on" in line:
                self.port = int(line.rsplit(":", 1)[1])
                break
        threading.Thread(target=lambda out: [None for _ in out], args=(self.server.stdout,), daemon=True).start()

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        assert self.server.wait(30) == 0
        self.postgres.send_signal(signal.SIGINT)
        self.postgres.wait(60)


def test_kills_lose_no_acknowledged_write():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gridward-kills-"))
    cluster = Cluster(folder)
    assert (os.geteuid() == 0) == (cluster.data.parent != folder)
    cluster.start_postgres()
    cluster.start_server()
    base = f"http://127.0.0.1:{cluster.port}"
    passwords = dict(line.split() for line in (folder / "accounts.txt").read_text().splitlines())
    token = requests.post(base + "/api/v1/sessions", json={"username": "officer", "password": passwords["officer"]}).json()["token"]
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
            cluster.postgres.kill()
            cluster.postgres.wait()
            time.sleep(rng.uniform(0.0, 0.5))
            cluster.start_postgres()  # the server finds it again by itself
        else:
            cluster.server.kill()
            cluster.server.wait()
            cluster.start_server()
    time.sleep(1)
    recovered = len(acknowledged)
    time.sleep(2)
    assert len(acknowledged) > recovered, "the server did not come back by itself"
    stop.set()
    for t in threads:
        t.join()
    have = set(subprocess.run(["psql", cluster.database, "-XqAtc", "select id from hazard where upper_inf(recorded)"], capture_output=True, text=True, check=True).stdout.split())
    assert [one for one in acknowledged if one not in have] == []
    assert statuses <= {201, 503}, statuses
    checked = subprocess.run([BINARY, "check", "--database", cluster.database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    cluster.stop()
    shutil.rmtree(cluster.data)
    shutil.rmtree(folder)
    shutil.rmtree(cluster.socket)
    print(f"{len(acknowledged)} acknowledged writes through {KILLS} kills, none lost")
