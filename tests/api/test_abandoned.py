"""Requests that nobody waits for any more end in the database too, and hurt nobody else; what is too much is told to come back."""
import concurrent.futures
import datetime
import json
import random
import re
import socket
import subprocess
import threading
import time
import uuid

import pytest
import requests

import contract
from harness import BINARY

DEADLINE = 4  # of the server of these tests, in seconds


@pytest.fixture(scope="module")
def second(server):
    """Another server on the same database, whose deadline is short."""
    log = server.folder / "second.log"
    process = subprocess.Popen([BINARY, "serve", "--database", server.database, "--demo-database", "--port", "0", "--set", f"http.request_deadline_s={DEADLINE}"],
                               stdout=open(log, "w"), stderr=subprocess.STDOUT)
    while not (found := re.search(r"serving on (http://\S+)", log.read_text())):
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    second = type(server)(found.group(1), server.passwords, process, server.folder)
    for _ in range(10):  # the first write reads the map into memory, which under a sanitizer takes longer than this deadline
        if second.session("officer").post(second.base + "/api/v1/hazards", json=hazard(server.district())).status_code == 201:
            break
    yield second
    process.terminate()
    assert process.wait(30) == 0


class Holder:
    """A session of the database that holds locks until it is left."""

    def __init__(self, server, *statements):
        self.psql = subprocess.Popen(["psql", server.database, "-XqAt", "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.psql.stdin.write("begin;" + ";".join(statements) + ";select 'held';\n")
        self.psql.stdin.flush()
        assert self.psql.stdout.readline() == "held\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.psql.communicate("rollback;\n", timeout=20)


def waiting(server):
    """How many statements wait for a lock."""
    out = subprocess.run(["psql", server.database, "-XqAt", "-c", "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and state = 'active' and pid <> pg_backend_pid()"],
                         capture_output=True, text=True, check=True).stdout
    return int(out)


def within(seconds, condition):
    until = time.time() + seconds
    while time.time() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def account(server):
    return subprocess.run(["psql", server.database, "-XqAt", "-c", "select id from account where username = 'officer'"], capture_output=True, text=True, check=True).stdout.strip()


def keys_held(server, *keys):
    """Requests with these Idempotency-Keys wait for whoever claimed them first."""
    return Holder(server, *(f"insert into idempotency (account_id, key, request_hash, status, body) values ({account(server)}, '{k}', '', 0, '')" for k in keys))


PEOPLE_HELD = "lock table person in access exclusive mode"


def hazard(district, one=None):
    return {"id": one or str(uuid.uuid4()), "district": district, "day": "2017-02-02", "source": "patrol", "grade": "general", "lon": -87.63, "lat": 41.88}


def send(server, session, method, target, body=None, key=None):
    """Sends a request and returns its socket."""
    s = socket.create_connection(("127.0.0.1", int(server.base.rsplit(":", 1)[1])), timeout=20)
    content = json.dumps(body).encode() if body else b""
    extra = f"Idempotency-Key: {key}\r\n" if key else ""
    s.sendall(f"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: {session.headers['Authorization']}\r\n{extra}Content-Length: {len(content)}\r\n\r\n".encode() + content)
    return s


@pytest.fixture(scope="module")
def district(server):
    return server.district()


@pytest.fixture(scope="module")
def url(district):
    return f"/api/v1/people?district={district}"


def test_a_read_whose_client_left_is_cancelled(second, url):
    leader = second.session("leader")
    with Holder(second, PEOPLE_HELD):
        clients = [send(second, leader, "GET", f"{url}&q={n}") for n in range(8)]  # as many as the pool has connections
        assert within(30, lambda: waiting(second) == 8)
        for c in clients:
            c.close()
        assert within(1, lambda: waiting(second) == 0)
    assert all(leader.get(second.base + url, params={"limit": n}).status_code == 200 for n in range(1, 30))


def test_who_waited_for_the_same_answer_and_left_holds_no_worker(second, url):
    """Of requests for the same one is in the database, and the others wait for it on workers."""
    leader = second.session("leader")
    with Holder(second, PEOPLE_HELD):
        first = send(second, leader, "GET", f"{url}&q=same")
        assert within(30, lambda: waiting(second) == 1)
        others = [send(second, leader, "GET", f"{url}&q=same") for _ in range(7)]
        time.sleep(0.3)
        assert waiting(second) == 1
        for c in others:
            c.close()
        began = time.time()
        assert leader.get(second.base + "/api/v1/audit", params={"limit": 3}).status_code in (200, 403)
        assert leader.get(second.base + "/api/v1/cells", params={"level": "town", "q": "nobody asked this"}).status_code == 200
        assert time.time() - began < 1.5
        first.close()


def test_a_write_whose_client_left_is_cancelled_and_not_done(second, district):
    officer, one = second.session("officer"), str(uuid.uuid4())
    with keys_held(second, "left"):
        client = send(second, officer, "POST", "/api/v1/hazards", hazard(district, one), "left")
        assert within(30, lambda: waiting(second) == 1)
        client.close()
        assert within(1, lambda: waiting(second) == 0)
    assert officer.get(second.base + f"/api/v1/hazards/{one}").status_code == 404
    assert officer.post(second.base + "/api/v1/hazards", json=hazard(district, one), headers={"Idempotency-Key": "left"}).status_code == 201


def test_the_workers_of_clients_who_left_are_free_at_once(second, district):
    officer = second.session("officer")
    with keys_held(second, *(f"busy-{i}" for i in range(4))):
        clients = [send(second, officer, "POST", "/api/v1/hazards", hazard(district), f"busy-{i}") for i in range(4)]
        assert within(30, lambda: waiting(second) == 4)  # all that may write
        with concurrent.futures.ThreadPoolExecutor() as pool:
            honest = pool.submit(officer.post, second.base + "/api/v1/hazards", json=hazard(district))
            time.sleep(0.5)
            assert not honest.done()
            began = time.time()
            for c in clients:
                c.close()
            assert honest.result(timeout=10).status_code == 201
            assert time.time() - began < 1.5


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_at_the_deadline_a_statement_is_cancelled_and_504_told(second, district, url, method):
    officer, one = second.session("officer"), str(uuid.uuid4())
    body = hazard(district, one)
    with (Holder(second, PEOPLE_HELD) if method == "GET" else keys_held(second, "late")):
        began = time.time()
        answer = officer.get(second.base + url) if method == "GET" else officer.post(second.base + "/api/v1/hazards", json=body, headers={"Idempotency-Key": "late"})
        assert answer.status_code == 504 and answer.json()["type"] == "/problems/timeout", answer.text
        assert DEADLINE - 0.5 < time.time() - began < DEADLINE + 1.5
        assert waiting(second) == 0
    if method == "POST":
        assert officer.get(second.base + f"/api/v1/hazards/{one}").status_code == 404
    for n in range(1, 20):
        assert officer.get(second.base + url, params={"limit": n}).status_code == 200


def test_no_cancellation_strikes_the_next_request(second, url):
    """Clients who leave while their statement may or may not have ended, and honest ones on the same connections."""
    leader = second.session("leader")

    def ask(rng):
        """A statement of about a millisecond, or one of some more, or one that counts the events: it is the most of its answer under a sanitizer too."""
        day = datetime.date(2010, 1, 1) + datetime.timedelta(rng.randrange(3000))
        figures = f"/api/v1/figures?within=code:chicago:chicago&level=village&measures=hazard_density&from={day}&to=2020-01-01"
        return rng.choice((f"{url}&q={rng.random()}", figures, f"{figures}&known_at={known}"))

    known = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    stop, wrong, good, left = threading.Event(), [], [0], [0]
    took = [0.01]  # an answer, lately: so that many leave in the middle of theirs, however slow the server is

    def leaver(seed):
        rng = random.Random(seed)
        while not stop.is_set():
            client = send(second, leader, "GET", ask(rng))
            time.sleep(rng.uniform(0, 2 * took[0]))
            client.close()
            left[0] += 1

    def honest(seed):
        rng, session = random.Random(seed), contract.Session()
        session.headers.update(leader.headers)
        while not stop.is_set():
            began = time.time()
            answer = session.get(second.base + ask(rng))
            took[0] += (time.time() - began - took[0]) / 20
            late = answer.status_code == 504 and time.time() - began >= DEADLINE  # its own deadline, on a machine that does more than this
            if answer.status_code != 200 and not late:
                wrong.append((answer.status_code, answer.text))
            good[0] += not late

    log = second.folder / "postgres.log"
    before = log.read_text().count("canceling statement due to user request")
    threads = [threading.Thread(target=kind, args=(seed,)) for kind, n in ((leaver, 8), (honest, 3)) for seed in range(n)]
    for t in threads:
        t.start()
    struck = lambda: log.read_text().count("canceling statement due to user request") - before
    enough = within(600, lambda: wrong or (good[0] > 100 and left[0] > 500 and struck() > 20))
    stop.set()
    for t in threads:
        t.join()
    print(f"{good[0]} honest answers beside {left[0]} that left, of which {struck()} were struck in the database")
    assert not wrong, (wrong[:3], [line for line in (second.folder / "second.log").read_text().splitlines() if "error" in line or "warn" in line][-10:])
    assert enough


def test_when_all_that_write_are_busy_writes_come_back_later_and_reads_do_not_wait(second, district, url):
    officer = second.session("officer")
    with keys_held(second, *(f"full-{i}" for i in range(4))):
        clients = [send(second, officer, "POST", "/api/v1/hazards", hazard(district), f"full-{i}") for i in range(4)]
        assert within(30, lambda: waiting(second) == 4)
        began = time.time()
        assert all(officer.get(second.base + url, params={"limit": n + 50}).status_code == 200 for n in range(20))
        assert time.time() - began < 2
        for c in clients:
            c.close()


def test_who_waits_too_long_for_a_worker_is_turned_away(server, district, url):
    """On the server with the usual deadline, whose workers stay busy for longer than others wait."""
    officer = server.session("officer")
    with keys_held(server, *(f"long-{i}" for i in range(4))), Holder(server, PEOPLE_HELD):
        clients = [send(server, officer, "POST", "/api/v1/hazards", hazard(district), f"long-{i}") for i in range(4)]
        clients += [send(server, officer, "GET", f"{url}&q={n}") for n in range(8)]
        assert within(30, lambda: waiting(server) == 12)
        began = time.time()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            late = [pool.submit(officer.post, server.base + "/api/v1/hazards", json=hazard(district)), pool.submit(officer.get, server.base + url, params={"limit": 7})]
            answers = [f.result(timeout=10) for f in late]
        assert [a.status_code for a in answers] == [503, 503]
        assert all(int(a.headers["Retry-After"]) > 0 and a.json()["type"] == "/problems/unavailable" for a in answers)
        assert 4.5 < time.time() - began < 7
        assert requests.get(server.base + "/").status_code == 200  # what needs no worker is answered all the while
        for c in clients:
            c.close()
        assert within(2, lambda: waiting(server) == 0)
    assert officer.get(server.base + url, params={"limit": 8}).status_code == 200
