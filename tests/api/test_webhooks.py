"""Notices sent to receivers: signed, in order, at least once, through failures of both sides; and to no host that is not allowed."""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import subprocess
import threading
import time
import uuid

import pytest

from cluster import Cluster
from test_abandoned import within
from test_admin import metrics, value

SECRET = "a secret of forty letters, no less than it"


class Receiver:
    """A web server that notes what it gets; `answers` says what it does with the next message."""

    def __init__(self, port=0):
        self.got, self.answers, receiver = [], lambda _: 204, self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                status = receiver.answers(len(receiver.got))
                if status is None:
                    return self.close_connection_at_once()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def close_connection_at_once(self):
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def numbers(self):
        return [n["id"] for _, body in self.got for n in json.loads(body)["notices"]]

    def ids(self):
        return [n["payload"]["id"] for _, body in self.got for n in json.loads(body)["notices"]]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def office():
    cluster = Cluster()
    cluster.start_postgres()
    cluster.receiver = Receiver()
    cluster.allowed = ["--set", f"notices.webhook_hosts=hooks.example.cn,127.0.0.1:{cluster.receiver.port}"]
    cluster.start_server(*cluster.allowed)
    yield cluster
    cluster.stop()
    cluster.receiver.stop()
    cluster.remove()


@pytest.fixture
def receiver(office):
    office.receiver.got.clear()
    office.receiver.answers = lambda _: 204
    return office.receiver


@contextlib.contextmanager
def registered(office, receiver, **more):
    admin, body = office.session("admin"), {"district": office.district("sim-990101"), "url": f"http://127.0.0.1:{receiver.port}/gridward", "secret": SECRET, **more}
    made = admin.post(office.base + "/api/v1/webhooks", json=body)
    assert made.status_code == 201, made.text
    try:
        yield made.json()["id"]
    finally:
        assert admin.delete(office.base + f"/api/v1/webhooks/{made.json()['id']}").status_code == 204


def shown(office, hook):
    return next(w for w in office.session("admin").get(office.base + "/api/v1/webhooks").json()["items"] if w["id"] == hook)


def record(office, session, count=1):
    ids = []
    for _ in range(count):
        body = {"id": str(uuid.uuid4()), "district": office.district("sim-990101"), "day": "2025-01-06", "source": "patrol", "grade": "general"}
        answer = session.post(office.base + "/api/v1/hazards", json=body)
        assert answer.status_code == 201, answer.text
        ids.append(body["id"])
    return ids


def test_a_message_is_signed(office, receiver):
    with registered(office, receiver) as hook:
        one, = record(office, office.session("officer"))
        assert within(10, lambda: one in receiver.ids())
        for headers, body in receiver.got:
            signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
            assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
            assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60 and headers["Content-Type"] == "application/json"
        message = json.loads(receiver.got[-1][1])
        assert message["webhook"] == hook and message["missed_up_to"] is None
        assert message["notices"][-1]["topic"] == "hazard.create" and message["notices"][-1]["district"] == office.district("sim-990101")
        assert within(5, lambda: shown(office, hook)["waiting"] == 0) and shown(office, hook)["state"] == "ok"
        assert SECRET not in json.dumps(office.session("admin").get(office.base + "/api/v1/webhooks").json())
        assert SECRET not in office.query(f"select after from audit where entity = 'webhook' and entity_id = '{hook}'")


def test_in_order_and_each_once_while_all_is_well(office, receiver):
    with registered(office, receiver, topics=["hazard"]):
        ids = record(office, office.session("officer"), 150)
        assert within(20, lambda: len(receiver.ids()) >= 150)
        time.sleep(1)
        assert receiver.ids() == ids and receiver.numbers() == sorted(set(receiver.numbers()))


def test_topics_and_what_is_of_others(office, receiver):
    with registered(office, receiver, topics=["person.create"]):
        record(office, office.session("officer"))
        person = office.session("coordinator").post(office.base + "/api/v1/people", json={"district": office.district("sim-990101"), "name": "Hook"}).json()["id"]
        assert within(10, lambda: receiver.got)
        time.sleep(1)
        assert receiver.ids() == [str(person)]


def test_a_receiver_that_fails_gets_all_in_order_when_it_is_back(office, receiver):
    """It refuses, redirects, and hangs up; nothing is skipped, nothing comes out of order, and it is seen meanwhile. A redirect is not followed."""
    officer = office.session("officer")
    does = iter([500, 302, None])
    receiver.answers = lambda _: next(does, 503)
    with registered(office, receiver, topics=["hazard"]) as hook:
        ids = record(office, officer, 3)
        assert within(20, lambda: len(receiver.got) >= 3)
        assert within(5, lambda: shown(office, hook)["failures"] >= 3)
        state = shown(office, hook)
        assert state["state"] == "failing" and state["waiting"] == 3 and state["last_error"] and state["next_at"] and state["failing_since"]
        assert within(10, lambda: value(metrics(office), "gridward_webhooks", state="failing") == 1)
        office.query(f"update webhook set failures = 8 where id = {hook}")
        assert shown(office, hook)["state"] == "dead" and within(10, lambda: value(metrics(office), "gridward_webhooks", state="dead") == 1)
        ids += record(office, officer, 2)
        receiver.answers = lambda _: 200
        before = len(receiver.got)
        office.query(f"update webhook set next_at = now() where id = {hook}")
        since = lambda: [n["payload"]["id"] for _, body in receiver.got[before:] for n in json.loads(body)["notices"]]
        assert within(10, lambda: len(since()) >= len(ids)) and since() == ids and within(5, lambda: shown(office, hook)["state"] == "ok") and shown(office, hook)["failures"] == 0


def test_it_waits_longer_each_time(office, receiver):
    receiver.answers = lambda _: 500
    with registered(office, receiver) as hook:
        record(office, office.session("officer"))
        assert within(30, lambda: shown(office, hook)["failures"] >= 4)
        waits = float(office.query(f"select extract(epoch from next_at - now()) from webhook where id = {hook}"))
        failures = shown(office, hook)["failures"]
        assert 2 ** (failures - 1) - 4 < waits <= 2 ** (failures - 1)


def test_a_server_killed_before_the_acknowledgment_sends_it_again(office, receiver):
    """Killed while the receiver has the message and has not answered: the next server sends the same numbers again, and then what follows."""
    officer, hold = office.session("officer"), threading.Event()
    receiver.answers = lambda n: (hold.wait(20), 204)[1] if n == 1 else 204
    with registered(office, receiver, topics=["hazard"]) as hook:
        ids = record(office, officer, 2)
        assert within(10, lambda: len(receiver.got) == 1)
        office.kill_server()
        hold.set()
        office.start_server(*office.allowed)
        ids += record(office, office.session("officer"), 2)
        assert within(45, lambda: set(ids) <= set(receiver.ids()))
        seen = receiver.numbers()
        first = json.loads(receiver.got[0][1])["notices"]
        assert [n["id"] for n in json.loads(receiver.got[1][1])["notices"]][:len(first)] == [n["id"] for n in first]  # again, first of all
        once = list(dict.fromkeys(zip(seen, receiver.ids())))
        assert [i for _, i in once] == ids and [n for n, _ in once] == sorted(n for n, _ in once)  # told by their numbers, each is there once and in order
        assert within(5, lambda: shown(office, hook)["waiting"] == 0)


def test_one_slow_receiver_holds_up_no_other(office, receiver):
    hold = threading.Event()
    receiver.answers = lambda n: (hold.wait(12), 204)[1] if n == 1 else 204
    with registered(office, receiver, topics=["hazard"]), registered(office, receiver, topics=["hazard"]):
        record(office, office.session("officer"))
        assert within(5, lambda: len(receiver.got) >= 2)
        hold.set()


def test_only_to_hosts_that_are_allowed(office, receiver):
    admin = office.session("admin")
    body = {"district": office.district("sim-990101"), "secret": SECRET}
    for url in ("http://127.0.0.1:1/", "http://127.0.0.1/", f"http://localhost:{receiver.port}/", "http://169.254.169.254/latest", f"http://127.0.0.1:{receiver.port}@evil.example/", f"http://u:p@127.0.0.1:{receiver.port}/",
                f"https://hooks.example.cn:{receiver.port}/", "file:///etc/passwd", "gopher://hooks.example.cn/", "https://hooks.example.cn.evil.example/", "http://[::1]/", "not an address"):
        refused = admin.post(office.base + "/api/v1/webhooks", json={**body, "url": url})
        assert refused.status_code == 400 and refused.json()["errors"][0]["field"] == "url", url
    fine = admin.post(office.base + "/api/v1/webhooks", json={**body, "url": "https://hooks.example.cn/a?b=c"})
    assert fine.status_code == 201 and admin.delete(office.base + f"/api/v1/webhooks/{fine.json()['id']}").status_code == 204
    with registered(office, receiver) as hook:  # and one that was allowed when it was registered
        office.query(f"update webhook set url = 'http://127.0.0.1:9/' where id = {hook}")
        record(office, office.session("officer"))
        assert within(10, lambda: "notices.webhook_hosts" in (shown(office, hook)["last_error"] or ""))


def test_who_may(office, receiver):
    for name in ("leader", "coordinator", "officer"):
        session = office.session(name)
        assert session.get(office.base + "/api/v1/webhooks").status_code == 403
        assert session.post(office.base + "/api/v1/webhooks", json={"district": 1, "url": "https://hooks.example.cn/", "secret": SECRET}).status_code == 403
    admin = office.session("admin")
    assert admin.delete(office.base + "/api/v1/webhooks/999999").status_code == 404
    assert admin.post(office.base + "/api/v1/webhooks", json={"district": 999999, "url": "https://hooks.example.cn/", "secret": SECRET}).status_code == 404
    assert admin.post(office.base + "/api/v1/webhooks", json={"district": office.district("sim-990101"), "url": "https://hooks.example.cn/", "secret": "short"}).status_code == 400
    reader = office.database.replace("user=gridward_app", "user=gridward_read")
    for columns, status in (("id, url", 0), ("secret", 1)):  # who may only read the database cannot sign
        assert subprocess.run(["psql", reader, "-XqAtc", f"select {columns} from webhook"], capture_output=True).returncode == status
