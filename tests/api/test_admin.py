"""The admin port: health, readiness and metrics, as requests are sent, locks held and PostgreSQL is killed."""
import json
import re
import socket
import subprocess
import threading
import time
import uuid

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from cluster import Cluster
from harness import BINARY
from test_abandoned import PEOPLE_HELD, Holder, hazard, keys_held, send, waiting, within
from test_http import connect
from test_transport import head, read_answer
from test_transfers import RECIPE, archive, square, sheet


def metrics(server):
    """All samples: {(name, labels): value}."""
    answer = requests.get(server.admin + "/metrics", timeout=5)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {(s.name, frozenset(s.labels.items())): s.value for family in text_string_to_metric_families(answer.text) for s in family.samples}


def value(samples, name, **labels):
    return samples.get((name, frozenset(labels.items())), 0)


class Moves:
    """What the numbers of a server grew by since."""

    def __init__(self, server):
        self.server, self.before = server, metrics(server)

    def __call__(self, name, **labels):
        return value(metrics(self.server), name, **labels) - value(self.before, name, **labels)


@pytest.fixture(scope="module")
def leader(server):
    return server.session("leader")


def test_requests_are_counted_by_route_and_status(server, leader):
    route, moves = "/api/v1/cells/{cell}", Moves(server)
    first = leader.get(server.base + "/api/v1/cells/code:chicago:32", params={"at": "2017-01-01"})
    leader.get(first.url)
    leader.get(first.url, headers={"If-None-Match": first.headers["ETag"]})
    leader.head(first.url)
    leader.get(server.base + "/api/v1/cells/999999999")
    requests.get(server.base + "/api/v1/cells/1")
    assert [moves("gridward_http_requests_total", method="GET", route=route, status=status) for status in ("200", "304", "404", "401")] == [2, 1, 1, 1]
    assert moves("gridward_http_requests_total", method="HEAD", route=route, status="200") == 1
    assert moves("gridward_http_request_seconds_count", method="GET", route=route) == 5
    assert 0 < moves("gridward_http_request_seconds_sum", method="GET", route=route) < 5
    assert moves("gridward_http_request_seconds_bucket", method="GET", route=route, le="30") == 5
    assert [moves("gridward_cache_requests_total", result=result) for result in ("miss", "hit", "unchanged")] == [2, 2, 1]  # 404 is made anew, HEAD is kept
    assert moves("gridward_cache_answers") == 1 and moves("gridward_cache_bytes", what="answers") > len(first.content)


def test_what_heat_is_made_from_is_seen(server, leader):
    """Another ramp is another answer, of the surface that is kept."""
    moves, asked = Moves(server), {"kind": "hazard", "from": "2014-01-01", "to": "2014-03-01", "bandwidth": 700}
    for ramp in ("amber", "viridis", "cividis"):
        assert leader.get(server.base + "/heatmap/11/525/761.png", params={**asked, "ramp": ramp}).status_code == 200
    for what in ("heat_regions", "heat_events", "heat_surfaces"):
        assert moves("gridward_cache_entries", what=what) == moves("gridward_cache_misses_total", what=what) == 1, what
        assert moves("gridward_cache_bytes", what=what) > 0 and moves("gridward_cache_hits_total", what=what) >= 2, what
    leader.get(server.base + "/tiles/villages/11/525/761.mvt")
    assert moves("gridward_cache_misses_total", what="tile_bands") == 1


def test_no_client_makes_series(server, leader):
    """Whatever is asked for, there are as many series as the contract has routes."""
    for method in ("GET", "BREW", "POST"):
        requests.request(method, server.base + f"/nothing/{uuid.uuid4()}")
    moves, before = Moves(server), len(metrics(server))
    for n in range(50):
        requests.request(f"BREW{n}", server.base + f"/nothing/{uuid.uuid4()}")
        requests.get(server.base + f"/{uuid.uuid4()}")
    assert moves("gridward_http_requests_total", method="(other)", route="(none)", status="404") == 50
    assert moves("gridward_http_requests_total", method="GET", route="(none)", status="404") == 50
    assert len(metrics(server)) == before


def test_the_page_and_what_is_no_request(server):
    moves = Moves(server)
    requests.get(server.base + "/")
    requests.options(server.base + "/api/v1/me")
    with connect(server) as s:
        s.sendall(b"nonsense\r\n\r\n")
        assert s.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert moves("gridward_http_requests_total", method="GET", route="(page)", status="200") == 1
    assert moves("gridward_http_requests_total", method="OPTIONS", route="(options)", status="204") == 1
    assert moves("gridward_http_malformed_total", status="400") == 1


def test_lanes_and_pools_while_everything_is_busy(server, leader):
    """Eight readers are held in the database, three wait for a worker, and health is told all the while; then they leave."""
    url, moves = f"/api/v1/people?district={server.district()}", Moves(server)
    with Holder(server, PEOPLE_HELD):
        clients = [send(server, leader, "GET", f"{url}&q={n}") for n in range(8)]
        assert within(3, lambda: waiting(server) == 8)
        clients += [send(server, leader, "GET", f"{url}&q=w{n}") for n in range(3)]
        assert within(3, lambda: value(metrics(server), "gridward_lane_waiting", lane="reads") == 3)
        now = metrics(server)
        assert value(now, "gridward_lane_in_flight", lane="reads") == value(now, "gridward_lane_workers", lane="reads") == 8
        assert value(now, "gridward_pool_in_use", pool="reads") == value(now, "gridward_pool_connections_max", pool="reads") == 8
        assert value(now, "gridward_http_connections") >= 11
        assert requests.get(server.admin + "/healthz", timeout=2).status_code == requests.get(server.admin + "/readyz", timeout=2).status_code == 200
        for c in clients:
            c.close()
        assert within(3, lambda: moves("gridward_http_abandoned_total", stage="answering") == 8 and moves("gridward_http_abandoned_total", stage="waiting") == 3)
    assert moves("gridward_database_cancelled_total", pool="reads", cause="client_left") == 8
    now = metrics(server)
    assert value(now, "gridward_lane_in_flight", lane="reads") == value(now, "gridward_lane_waiting", lane="reads") == value(now, "gridward_pool_in_use", pool="reads") == 0


def test_who_is_turned_away_is_counted(server):
    officer, district, moves = server.session("officer"), server.district(), Moves(server)
    with keys_held(server, *(f"away-{i}" for i in range(4))):
        clients = [send(server, officer, "POST", "/api/v1/hazards", hazard(district), f"away-{i}") for i in range(4)]
        assert within(3, lambda: waiting(server) == 4)
        assert officer.post(server.base + "/api/v1/hazards", json=hazard(district)).status_code == 503
        for c in clients:
            c.close()
    assert moves("gridward_lane_turned_away_total", lane="writes", why="late") == 1


def test_imports_are_counted(server, tmp_path):
    coordinator, moves = server.session("coordinator"), Moves(server)
    files = {"recipe.toml": RECIPE.replace("transfer-test", "admin-test").replace("990901", "990911"), "villages.geojson": json.dumps({"type": "FeatureCollection", "features": [square("990911001001", "一村", 105.0)]}),
             "units.xlsx": sheet(tmp_path, [("U1", "一厂", "化工", 105.05, 30.05)]), "hazards.csv": "编号,日期,单位,说明\nH1,2024-05-01,U1,漏\nH2,never,U1,漏\n".encode("GBK")}
    post = lambda **asked: coordinator.post(server.base + "/api/v1/imports", params=asked, data=archive(files), headers={"Content-Type": "application/zip"})
    assert post(dry_run="true").status_code == post().status_code == 200
    assert [moves("gridward_imports_total", outcome=outcome) for outcome in ("dry_run", "refused", "written")] == [1, 1, 0]
    assert post(skip_bad="true").status_code == 201
    assert moves("gridward_imports_total", outcome="written") == 1 and moves("gridward_imported_rows_total", rows="bad") == 3


def test_what_waits_to_be_told(server):
    officer, district = server.session("officer"), server.district()
    with Holder(server, "do $$ begin perform from notice_head for update; end $$"):
        assert officer.post(server.base + "/api/v1/hazards", json=hazard(district)).status_code == 201
        assert within(15, lambda: value(metrics(server), "gridward_outbox_rows") >= 1 and value(metrics(server), "gridward_outbox_lag_seconds") > 0)
        assert value(metrics(server), "gridward_pending_counts") >= 1
    assert within(15, lambda: value(metrics(server), "gridward_outbox_rows") == value(metrics(server), "gridward_outbox_lag_seconds") == 0)


def test_this_binary_and_its_process(server):
    now = metrics(server)
    version, = {dict(labels)["version"] for (name, labels) in now if name == "gridward_build_info"}
    assert version == subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert abs(value(now, "process_start_time_seconds") - time.time()) < 3600 and value(now, "process_threads") > 16
    assert 0 < value(now, "process_open_fds") < value(now, "process_max_fds") and value(now, "process_resident_memory_bytes") > 1e7 and value(now, "process_cpu_seconds_total") > 0


def test_the_admin_port_is_apart(server):
    for path in ("/healthz", "/readyz", "/metrics"):
        assert requests.get(server.base + path).status_code == 404  # not on the port that others reach
        assert requests.post(server.admin + path).status_code == 405
        assert requests.head(server.admin + path).status_code == 200
    for path in ("/", "/api/v1/cells", "/metrics/more"):
        assert requests.get(server.admin + path).status_code == 404


@pytest.fixture(scope="module")
def cluster():
    c = Cluster()
    c.start_postgres()
    c.start_server()
    yield c
    c.stop()
    c.remove()


def test_without_its_database_a_server_lives_but_is_not_ready(cluster):
    status = lambda path: requests.get(cluster.admin + path, timeout=5).status_code
    officer, district = cluster.session("officer"), cluster.district("sim-990101")
    assert status("/healthz") == status("/readyz") == 200 and within(3, lambda: value(metrics(cluster), "gridward_hears") == 1)
    moves = Moves(cluster)
    cluster.kill_postgres()
    try:
        refused = requests.get(cluster.admin + "/readyz", timeout=5)
        assert refused.status_code == 503 and refused.json()["status"] == "not ready" and "cannot be reached" in refused.json()["reason"]
        assert status("/healthz") == 200
        assert officer.post(cluster.base + "/api/v1/hazards", json=hazard(district)).status_code == 503
        assert moves("gridward_pool_broken_total", pool="sessions") + moves("gridward_pool_broken_total", pool="writes") >= 1
        assert within(3, lambda: value(metrics(cluster), "gridward_hears") == 0)
    finally:
        cluster.start_postgres()
    assert within(10, lambda: status("/readyz") == 200 and value(metrics(cluster), "gridward_hears") == 1)
    assert officer.post(cluster.base + "/api/v1/hazards", json={**hazard(district), "lon": 124.2, "lat": 30.1}).status_code == 201


def test_a_schema_of_another_version_is_not_ready(cluster):
    owner = cluster.database.replace("gridward_app", "postgres")
    change = lambda sql: subprocess.run(["psql", owner, "-XqAtc", sql], check=True)
    change("update meta set value = 'x' || value where key = 'schema'")
    answer = requests.get(cluster.admin + "/readyz")
    change("update meta set value = substr(value, 2) where key = 'schema'")
    assert answer.status_code == 503 and "gridward migrate" in answer.json()["reason"]
    assert requests.get(cluster.admin + "/readyz").status_code == 200


def start(server, stdout, *flags):
    return subprocess.Popen([BINARY, "serve", "--database", server.database, "--demo-database", "--port", "0", *flags], stdout=stdout, stderr=subprocess.STDOUT, text=True)


def test_the_log_for_machines(server, tmp_path):
    with open(tmp_path / "log", "w") as out:
        process = start(server, out, "--set", "log.format=json", "--set", "log.level=debug")
    lines = lambda: [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert within(60, lambda: any(line.get("what") == "serving" for line in lines()))
    base = next(line["address"] for line in lines() if line.get("what") == "serving")
    answer = requests.get(base + "/api/v1/me?key=very-secret")
    process.terminate()
    assert process.wait(30) == 0
    one, = (line for line in lines() if line["event"] == "answered")
    assert (one["method"], one["route"], one["status"], one["request"]) == ("GET", "/api/v1/me", answer.status_code, answer.headers["X-Request-Id"])
    assert "very-secret" not in (tmp_path / "log").read_text() and abs(one["time"] - time.time()) < 60 and one["ms"] > 0
    assert lines()[-1]["event"] == "stopping"


def test_nobody_waits_for_who_reads_the_log(server):
    process = start(server, subprocess.PIPE, "--set", "log.level=debug")
    base = next(found[1] for line in process.stdout if (found := re.search(r"serving on (http://\S+)", line)))
    with socket.create_connection(("127.0.0.1", int(base.rsplit(":", 1)[1])), timeout=10) as s:
        f = s.makefile("rb")
        for _ in range(250):  # 10,000 lines: more than the pipe and the queue before it hold, if nobody reads
            s.sendall(head("GET", f"/nothing/{'x' * 200}", "none") * 40)
            assert all(read_answer(f)[0] == 404 for _ in range(40))
    threading.Thread(target=process.stdout.read, daemon=True).start()
    process.terminate()
    assert process.wait(30) == 0
