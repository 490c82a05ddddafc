"""What is told of writes: server-sent events, each once and in order, to those who may see the place."""
import concurrent.futures
import json
import os
import queue
import socket
import threading
import time
import uuid

import requests

from plans import psql
from test_abandoned import Holder, within
from test_admin import metrics, value
from test_rights import make


class Follower:
    """A client of /api/v1/changes: what it is told, as (id, event, data), on a thread of its own."""

    def __init__(self, server, session, after=None, **asked):
        self.told, self.signs, self.ended = queue.Queue(), 0, threading.Event()
        headers = {"Authorization": session.headers["Authorization"], **({"Last-Event-ID": str(after)} if after is not None else {})}
        self.answer = requests.get(server.base + "/api/v1/changes", params=asked, headers=headers, stream=True, timeout=60)
        assert self.answer.status_code == 200 and self.answer.headers["Content-Type"] == "text/event-stream", self.answer.text
        self.last = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        fields = {}
        try:
            for line in self.answer.iter_lines(chunk_size=1):
                line = line.decode()
                if line.startswith(":"):
                    self.signs += 1
                elif line:
                    name, _, text = line.partition(": ")
                    fields[name] = text
                else:
                    self.last = int(fields["id"]) if "id" in fields else self.last
                    if "data" in fields:
                        self.told.put((int(fields["id"]), fields["event"], json.loads(fields["data"])))
                    fields = {}
        except requests.RequestException:
            pass
        self.ended.set()

    def take(self, count, seconds=20):
        until = time.time() + seconds
        out = []
        while len(out) < count:
            try:
                out.append(self.told.get(timeout=max(0.01, until - time.time())))
            except queue.Empty:
                raise AssertionError(f"told {len(out)} of {count}: {out[-3:]}") from None
        return out

    def nothing_more(self, seconds=1.0):
        time.sleep(seconds)
        return self.told.empty()

    def close(self):
        socket.socket(fileno=os.dup(self.answer.raw.fileno())).shutdown(socket.SHUT_RDWR)  # close() would wait for the thread that reads


def hazard(district, lon=-87.63, lat=41.88, **more):
    return {"id": str(uuid.uuid4()), "district": district, "day": "2017-01-01", "source": "patrol", "grade": "general", "lon": lon, "lat": lat, **more}


def record(server, session, **more):
    body = hazard(server.district(), **more)
    answer = session.post(server.base + "/api/v1/hazards", json=body)
    assert answer.status_code == 201, answer.text
    return body["id"]


def test_a_write_is_told_with_what_it_was(server):
    officer = server.session("officer")
    f = Follower(server, officer)
    first = record(server, officer)
    (number, event, data), = f.take(1)
    assert event == data["topic"] == "hazard.create" and data["payload"] == {"id": first} and data["id"] == number and data["district"] == server.district()
    officer.patch(server.base + f"/api/v1/hazards/{first}", json={"grade": "major", "reason": "seen again"}, headers={"If-Match": "*"}).raise_for_status()
    officer.delete(server.base + f"/api/v1/hazards/{first}", params={"reason": "entered twice"}, headers={"If-Match": "*"}).raise_for_status()
    assert [(e, d["payload"]["id"]) for _, e, d in f.take(2)] == [("hazard.correct", first), ("hazard.withdraw", first)]
    f.close()


def test_who_was_away_is_told_each_once(server):
    """From any number on, by header or parameter, what comes is what a client that was never away had."""
    officer = server.session("officer")
    f = Follower(server, officer)
    ids = [record(server, officer) for _ in range(12)]
    told = f.take(12)
    assert [d["payload"]["id"] for _, _, d in told] == ids and [n for n, _, _ in told] == sorted({n for n, _, _ in told})
    for start in (0, 5, 11):
        again = Follower(server, officer, after=told[start][0])
        assert again.take(11 - start) == told[start + 1:] and again.nothing_more(0.5)
        again.close()
    by_parameter = Follower(server, officer, **{"after": told[8][0]})
    assert by_parameter.take(3) == told[9:]
    for g in (f, by_parameter):
        g.close()


def test_who_is_cut_off_before_anything_was_told_misses_nothing(server):
    """The number from which on is told comes first, before any notice or sign of life."""
    officer = server.session("officer")
    f = Follower(server, officer, topics="hazard")
    assert within(5, lambda: f.last is not None) and f.signs == 0 and f.told.empty()
    f.close()
    ids = [record(server, officer) for _ in range(3)]
    again = Follower(server, officer, after=f.last, topics="hazard")
    assert [d["payload"]["id"] for _, _, d in again.take(3)] == ids
    again.close()


def test_no_number_comes_after_a_larger_one(server):
    """Writers at once, one of which began before all others and ends after them: each write is told once, and numbers only rise."""
    officer, district = server.session("officer"), server.district()
    f = Follower(server, officer)
    late = str(uuid.uuid4())
    with Holder(server, f"insert into outbox (district_id, topic, payload) values ({district}, 'person.create', jsonb_build_object('id', '{late}'))") as held:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            ids = list(pool.map(lambda _: record(server, officer), range(40)))
        before = f.take(40)
        held.psql.stdin.write("commit;\n")
        held.psql.stdin.flush()
        (number, event, data), = f.take(1)
    assert data["payload"]["id"] == late and event == "person.create" and number > max(n for n, _, _ in before)
    assert sorted(d["payload"]["id"] for _, _, d in before) == sorted(ids)
    numbers = [n for n, _, _ in before]
    assert numbers == sorted(set(numbers))
    f.close()


def test_each_is_told_of_its_own_area(server):
    """Followers of one town, of the district and of another: what one may not read, one is not told of."""
    leader, officer, district = server.session("leader"), server.session("officer"), server.district()
    town = {code: leader.get(server.base + f"/api/v1/cells/code:chicago:{code}").json()["id"] for code in ("32", "33")}
    loop, south = (make(server, f"told-{code}", "viewer", district=district, cell=town[code]) for code in ("32", "33"))
    all_of_it, of_loop, of_south = Follower(server, leader), Follower(server, loop), Follower(server, south)
    other = Follower(server, make(server, "told-other", "viewer", district=next(d["id"] for d in leader.get(server.base + "/api/v1/districts").json()["items"] if d["id"] != district)))
    in_loop = record(server, officer)
    nowhere = record(server, officer, lon=-80.0, lat=10.0)
    coordinator = server.session("coordinator")
    person = coordinator.post(server.base + "/api/v1/people", json={"district": district, "name": "Told"}).json()["id"]
    assert [d["payload"]["id"] for _, _, d in all_of_it.take(3)] == [in_loop, nowhere, str(person)]
    assert [d["payload"]["id"] for _, _, d in of_loop.take(2)] == [in_loop, str(person)]   # who works in the district is for all in it
    assert [d["payload"]["id"] for _, _, d in of_south.take(1)] == [str(person)]
    assert of_loop.nothing_more() and of_south.told.empty() and other.told.empty()
    for f in (all_of_it, of_loop, of_south, other):
        f.close()


def test_topics_and_district(server):
    officer, leader, coordinator, district = server.session("officer"), server.session("leader"), server.session("coordinator"), server.district()
    people, created = Follower(server, leader, topics="person,cell"), Follower(server, leader, topics="hazard.create")
    elsewhere = Follower(server, leader, district=district + 1)
    one = record(server, officer)
    officer.patch(server.base + f"/api/v1/hazards/{one}", json={"grade": "major", "reason": "seen again"}, headers={"If-Match": "*"}).raise_for_status()
    coordinator.post(server.base + "/api/v1/people", json={"district": district, "name": "Topic"}).raise_for_status()
    assert [e for _, e, _ in people.take(1)] == ["person.create"] and [e for _, e, _ in created.take(1)] == ["hazard.create"]
    assert people.nothing_more(0.5) and created.told.empty() and elsewhere.told.empty()
    for bad in ({"topics": "Hazard"}, {"after": "x"}):
        assert leader.get(server.base + "/api/v1/changes", params=bad).status_code == 400
    assert leader.get(server.base + "/api/v1/changes", headers={"Last-Event-ID": "seven"}).status_code == 400
    assert server.session("admin").get(server.base + "/api/v1/changes").status_code == 403
    assert requests.get(server.base + "/api/v1/changes").status_code == 401
    head = leader.head(server.base + "/api/v1/changes")
    assert head.status_code == 200 and head.headers["Content-Type"] == "text/event-stream"
    for f in (people, created, elsewhere):
        f.close()


def test_it_ends_with_the_rights(server):
    """A follower is told nothing after its session ended or its last role was taken away, and its answer ends."""
    officer = server.session("officer")
    signed_out, stripped = make(server, "told-out", "viewer", district=server.district()), make(server, "told-less", "viewer", district=server.district())
    first, second = Follower(server, signed_out), Follower(server, stripped)
    record(server, officer)
    first.take(1), second.take(1)
    signed_out.delete(server.base + "/api/v1/sessions").raise_for_status()
    psql(server, "delete from account_grant where account_id = (select id from account where username = 'told-less'); select pg_notify('gridward_version', '');")
    record(server, officer)
    assert first.ended.wait(10) and second.ended.wait(10) and first.told.empty() and second.told.empty()
    assert signed_out.get(server.base + "/api/v1/changes").status_code == 401


def test_what_is_no_longer_kept_is_said_to_be_missed(server):
    officer = server.session("officer")
    f = Follower(server, officer)
    record(server, officer)
    (number, _, _), = f.take(1)
    psql(server, f"update notice set at = now() - interval '31 days' where id < {number}; select notices_forget(30);")
    time.sleep(1)  # the server looks at the span five times a second
    again = Follower(server, officer, after=0)
    (at, event, data), (after, _, _) = again.take(2)
    assert (at, event, data) == (number - 1, "missed", {"after": 0, "next_after": number - 1}) and after == number
    beyond = Follower(server, officer, after=number + 1000)  # of a database that was set back
    assert [e for _, e, _ in beyond.take(1, 40)] == ["missed"]
    for g in (f, again, beyond):
        g.close()


def test_a_signs_of_life_carry_the_number(own_server):
    """One whose area is quiet goes on from where the others are."""
    server = own_server
    leader, officer = server.session("leader"), server.session("officer")
    quiet, other = Follower(server, leader, topics="cell"), Follower(server, leader)
    record(server, officer)
    (number, _, _), = other.take(1)
    assert within(20, lambda: quiet.signs >= 1 and quiet.last is not None and quiet.last >= number) and quiet.told.empty()
    for f in (quiet, other):
        f.close()


def open_raw(server, session):
    host, port = server.base.removeprefix("http://").split(":")
    s = socket.create_connection((host, int(port)))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.sendall(f"GET /api/v1/changes HTTP/1.1\r\nHost: a\r\nAuthorization: {session.headers['Authorization']}\r\n\r\n".encode())
    return s


def nobody_follows(server):
    """Those of the tests before have left, and the server has noticed."""
    assert within(30, lambda: value(metrics(server), "gridward_changes_followers") == 0)


def test_many_followers_hold_no_worker_and_are_bounded(own_server):
    """Two hundred follow, most of whom read nothing, while others are answered; the next is told 503; those that leave make place."""
    server = own_server
    leader, officer = server.session("leader"), server.session("officer")
    nobody_follows(server)
    programs = [server.session(role) for role in ("leader", "coordinator", "approver", "officer")] + [make(server, f"follows-{n}", "viewer", district=server.district()) for n in range(6)]
    open_ones = [open_raw(server, program) for program in programs for _ in range(20)]
    assert within(10, lambda: value(metrics(server), "gridward_changes_followers") == 200)
    refused = leader.get(server.base + "/api/v1/changes")
    assert refused.status_code == 503 and "notices.listeners" in refused.json()["detail"] and refused.headers["Retry-After"]
    assert value(metrics(server), "gridward_lane_in_flight", lane="reads") == 0
    memory = value(metrics(server), "process_resident_memory_bytes")
    for _ in range(300):
        record(server, officer)
    assert leader.get(server.base + "/api/v1/cells", params={"limit": 1}).status_code == 200
    assert value(metrics(server), "process_resident_memory_bytes") - memory < 200 * 100_000 + 20_000_000
    for s in open_ones:
        s.close()
    assert within(10, lambda: value(metrics(server), "gridward_changes_followers") == 0)
    f = Follower(server, leader)
    record(server, officer)
    f.take(1)
    f.close()


def test_one_account_leaves_place_for_others(own_server):
    """Twenty of one account follow; the next of it is told 429 and what to do, and others follow as before, as does it when one has left."""
    server = own_server
    leader, officer = server.session("leader"), server.session("officer")
    nobody_follows(server)
    open_ones = [open_raw(server, leader) for _ in range(20)]
    assert within(10, lambda: value(metrics(server), "gridward_changes_followers") == 20)
    refused = leader.get(server.base + "/api/v1/changes")
    assert refused.status_code == 429 and "notices.listeners_each" in refused.json()["detail"] and refused.headers["Retry-After"]
    other = Follower(server, officer)
    record(server, officer)
    other.take(1)
    open_ones.pop().close()
    assert within(10, lambda: value(metrics(server), "gridward_changes_followers") == 20)
    again = Follower(server, leader)
    for s in (*open_ones, other, again):
        s.close()


def test_a_post_that_is_handed_over_is_told_at_both_sides(server):
    """Who held it before has two rows then, what was known and what is known now."""
    coordinator, district = server.session("coordinator"), server.district()
    village = coordinator.get(server.base + "/api/v1/locate", params={"lon": -87.63, "lat": 41.88}).json()["chain"][0]["cell"]["id"]
    f = Follower(server, coordinator, topics="assignment")
    for name, since in (("First", "2020-01-01"), ("Second", "2021-01-01")):
        person = coordinator.post(server.base + "/api/v1/people", json={"district": district, "name": name}).json()["id"]
        answer = coordinator.post(server.base + "/api/v1/assignments", json={"cell": str(village), "post": "safety_officer", "person": person, "from": since, "replace": True})
        assert answer.status_code == 201, answer.text
    assert sorted(e for _, e, _ in f.take(3)) == ["assignment.create", "assignment.create", "assignment.end"]
    f.close()


def test_a_row_that_cannot_be_read_holds_nothing_up(own_server):
    """It is put aside with the reason, which the metrics show; what comes after it is told, under the next number."""
    server = own_server
    leader, officer, district = server.session("leader"), server.session("officer"), server.district()
    f = Follower(server, leader)
    record(server, officer)
    (before, _, _), = f.take(1)
    psql(server, f"insert into outbox (district_id, topic, payload) values ({district}, 'hazard.create', '{{\"id\": \"no uuid\"}}'), ({district}, 'person.change', '\"x\"'), ({district}, 'person.change', '{{\"to\": \"nobody\"}}')")
    one = record(server, officer)
    (number, _, data), = f.take(1)
    assert data["payload"] == {"id": one} and number == before + 1
    assert psql(server, "select count(*) from outbox") == "0\n" and psql(server, "select topic || ': ' || reason from notice_untold order by id limit 1") == 'hazard.create: invalid input syntax for type uuid: "no uuid"\n'
    assert psql(server, "select count(*) from notice_untold") == "3\n" and within(15, lambda: value(metrics(server), "gridward_outbox_untold") == 3)
    f.close()


def test_a_follower_that_never_reads_is_given_up(own_server):
    """It holds no more than its pending events, and after http.send_deadline_s of taking nothing it is ended; others are told meanwhile."""
    server = own_server
    leader, officer = server.session("leader"), server.session("officer")
    nobody_follows(server)
    stuck, f = open_raw(server, leader), Follower(server, leader)
    assert within(5, lambda: value(metrics(server), "gridward_changes_followers") == 2)
    psql(server, f"insert into outbox (district_id, topic, payload) select {server.district()}, 'person.change', jsonb_build_object('id', n, 'padding', repeat('x', 2000)) from generate_series(1, 6000) n")
    told = f.take(6000, 240)
    assert [d["payload"]["id"] for _, _, d in told] == list(range(1, 6001))
    assert within(40, lambda: value(metrics(server), "gridward_changes_followers") == 1)
    record(server, officer)
    f.take(1)
    stuck.close()
    f.close()
