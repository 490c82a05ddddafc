"""Hostile and honest clients together: every honest answer is the asker's own, none is lost, and none is late; from memory and from the database."""
import datetime
import json
import os
import random
import socket
import struct
import threading
import time
import uuid

from harness import script_of

SECONDS = 15
LATE = 5 * (10 if "TSAN_OPTIONS" in os.environ else 1)  # ThreadSanitizer takes five to fifteen times as long
READ_BY_NOBODY = 12  # more than there are workers


def head(method, target, token, extra="", body=b""):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{extra}{length}\r\n".encode() + body


def read_answer(f, method="GET"):
    """Status, headers and body; what does not come fails."""
    line = f.readline()
    assert line.startswith(b"HTTP/1.1 "), line
    status, headers = int(line.split()[1]), {}
    while (line := f.readline().strip()):
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    length = 0 if method == "HEAD" or status in (204, 304) else int(headers["content-length"])
    body = f.read(length)
    assert len(body) == length, "the answer ends early"
    return status, headers, body


class Torture:
    def __init__(self, server):
        self.address = ("127.0.0.1", int(server.base.rsplit(":", 1)[1]))
        self.sessions = {name: server.session(name) for name in ("leader", "coordinator", "officer")}
        self.tokens = {name: s.headers["Authorization"][7:] for name, s in self.sessions.items()}
        leader = self.sessions["leader"]
        self.district = server.district()
        self.script = script_of(server)
        self.villages = [c["id"] for c in leader.get(server.base + "/api/v1/cells?level=village&within=code:chicago:chicago&limit=1000").json()["items"]]
        self.until = time.time() + SECONDS
        self.wrong, self.good, self.slowest = [], {}, 0.0
        self.lock = threading.Lock()

    def connect(self):
        return socket.create_connection(self.address, timeout=20)

    # What an honest client may ask: (kind, request, method, check of the answer).

    def question(self, rng, name, tags):
        token, kind = self.tokens[name], rng.choice(("cell", "cell", "me", "figures", "unchanged", "missing", "head", "write", "asset"))
        few = self.villages[:40]  # so that answers are kept, and often come from memory
        cell = rng.choice(few)
        if kind == "me":
            return kind, head("GET", "/api/v1/me", token), "GET", lambda s, h, b: s == 200 and json.loads(b)["username"] == name
        if kind == "figures":
            day = datetime.date(2010, 1, 1) + datetime.timedelta(rng.randrange(3000))
            target = f"/api/v1/figures?within={cell}&level=village&measures=hazard_density&from={day}&to=2020-01-01"
            return kind, head("GET", target, token), "GET", lambda s, h, b: s == 200 and json.loads(b)["rows"][0]["cell"]["id"] == cell and json.loads(b)["window"]["from"] == str(day)
        if kind == "unchanged" and (name, cell) in tags:
            tag = tags[name, cell]
            return kind, head("GET", f"/api/v1/cells/{cell}", token, f"If-None-Match: {tag}\r\n"), "GET", lambda s, h, b: (s == 304 and h["etag"] == tag) or (s == 200 and json.loads(b)["id"] == cell)
        if kind == "missing":
            nothing = f"/api/v1/nothing/{rng.random()}"
            return kind, head("PUT", nothing, token), "PUT", lambda s, h, b: s == 404 and json.loads(b)["instance"] == h["x-request-id"]
        if kind == "head":
            return kind, head("HEAD", f"/api/v1/cells/{cell}", token), "HEAD", lambda s, h, b: s == 200 and int(h["content-length"]) > 50
        if kind == "write" and name != "leader" and rng.random() < 0.2:
            one = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            body = json.dumps({"id": one, "district": self.district, "day": "2017-03-03", "source": "patrol", "grade": "general", "lon": -87.63, "lat": 41.88}).encode()
            return kind, head("POST", "/api/v1/hazards", token, body=body), "POST", lambda s, h, b: s == 201 and json.loads(b)["id"] == one
        if kind == "asset":
            return kind, head("GET", self.script, token), "GET", lambda s, h, b: s == 200 and b"gridward.language" in b and h["content-type"] == "text/javascript"

        def is_cell(s, h, b):
            tags[name, cell] = h["etag"]
            return s == 200 and json.loads(b)["id"] == cell
        return "cell", head("GET", f"/api/v1/cells/{cell}", token), "GET", is_cell

    def honest(self, seed):
        rng, tags = random.Random(seed), {}
        name = ("leader", "coordinator", "officer")[seed % 3]
        while time.time() < self.until:
            with self.connect() as s:
                f = s.makefile("rb")
                for _ in range(rng.randrange(1, 200)):
                    asked = [self.question(rng, name, tags) for _ in range(rng.choice((1, 1, 1, 2, 6)))]  # sometimes pipelined
                    bytes_ = b"".join(q[1] for q in asked)
                    cuts = sorted(rng.randrange(len(bytes_)) for _ in range(rng.choice((0, 0, 1, 3))))
                    if rng.random() < 0.3:
                        cuts = [bytes_.index(b"\r\n") + 1]  # between CR and LF
                    began = time.time()
                    for a, b in zip([0, *cuts], [*cuts, len(bytes_)]):
                        s.sendall(bytes_[a:b])
                        if cuts:
                            time.sleep(0.001)
                    for kind, _, method, check in asked:
                        answer = read_answer(f, method)
                        took = time.time() - began
                        with self.lock:
                            self.slowest = max(self.slowest, took)
                            self.good[kind] = self.good.get(kind, 0) + 1
                            if not check(*answer) or took > LATE:
                                self.wrong.append((kind, took, answer[0], answer[2][:200]))
                    if time.time() > self.until:
                        return

    def hostile(self, seed):
        rng, token = random.Random(seed), self.tokens["leader"]
        attacks = (self.leaves, self.resets, self.half_closes, self.talks_nonsense, self.sends_chunks, self.drips_a_head, self.drips_a_body, self.floods, self.lies_about_length)
        while time.time() < self.until:
            try:
                with self.connect() as s:
                    rng.choice(attacks)(s, rng, token)
            except (ConnectionError, TimeoutError):
                pass

    def slow_question(self, rng, token):
        return head("GET", f"/api/v1/figures?within=code:chicago:chicago&level=village&from={datetime.date(2010, 1, 1) + datetime.timedelta(rng.randrange(3000))}&to=2020-01-01", token)

    def leaves(self, s, rng, token):
        s.sendall(self.slow_question(rng, token))
        time.sleep(rng.random() / 50)

    def resets(self, s, rng, token):
        s.sendall(self.slow_question(rng, token) + head("GET", f"/api/v1/cells/{rng.choice(self.villages)}", token))
        time.sleep(rng.random() / 50)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def half_closes(self, s, rng, token):
        s.sendall(head("GET", f"/api/v1/cells/{rng.choice(self.villages)}", token))
        s.shutdown(socket.SHUT_WR)
        s.recv(100)

    def talks_nonsense(self, s, rng, token):
        s.sendall(rng.randbytes(200) + b"\r\n\r\n")
        s.recv(1000)

    def sends_chunks(self, s, rng, token):
        s.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r")
        assert b"411" in s.recv(1000)

    def drips_a_head(self, s, rng, token):
        for b in b"GET / HTTP/1.1\r\nHo":
            s.sendall(bytes([b]))
            time.sleep(0.002)

    def drips_a_body(self, s, rng, token):
        s.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(20):
            s.sendall(b'{"username":')
            time.sleep(0.01)

    def floods(self, s, rng, token):
        """Many requests, whose answers it does not read."""
        for _ in range(5):
            s.sendall(head("GET", f"/api/v1/cells/{self.villages[0]}", token) * rng.randrange(1, 200))
        time.sleep(0.2)

    def lies_about_length(self, s, rng, token):
        s.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: " + rng.choice((b"-1", b"5x", b"99999999999", b"3\r\nContent-Length: 4")) + b"\r\n\r\nabc")
        assert s.recv(1000).split()[1] in (b"400", b"413")

    def never_reads(self, seed):
        """Asks for a large answer and takes none of it, for all of the time."""
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(self.address)
            s.sendall(head("GET", "/api/v1/cells?level=village&limit=1000&within=code:chicago:chicago&format=geojson", self.tokens["leader"]) * 3)
            while time.time() < self.until:
                time.sleep(0.1)

    def run(self, kind, seed):
        try:
            kind(seed)
        except Exception as e:  # noqa: BLE001 - a fault of any sort is what the test looks for
            self.wrong.append((kind.__name__, repr(e)))


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def test_torture(server):
    torture, before = Torture(server), descriptors(server)
    threads = [threading.Thread(target=torture.run, args=(kind, seed)) for kind, n in ((torture.never_reads, READ_BY_NOBODY), (torture.honest, 6), (torture.hostile, 6)) for seed in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(SECONDS + 60)
        assert not t.is_alive()
    assert not torture.wrong, torture.wrong[:5]
    assert set(torture.good) >= {"cell", "me", "figures", "unchanged", "missing", "head", "write", "asset"} and sum(torture.good.values()) > 200, torture.good
    print(f"{sum(torture.good.values())} honest answers, all right, the slowest after {torture.slowest:.2f} s: {torture.good}")
    until = time.time() + 10
    while descriptors(server) > before + 15 and time.time() < until:  # connections to the database stay
        time.sleep(0.2)
    assert descriptors(server) <= before + 15, "connections are left open"


def test_head_and_pipelining_keep_the_frame(server):
    token = server.session("leader").headers["Authorization"][7:]
    with socket.create_connection(("127.0.0.1", int(server.base.rsplit(":", 1)[1])), timeout=10) as s:
        s.sendall(head("HEAD", "/api/v1/cells/1", token) + head("GET", "/api/v1/me", token, "Connection: close\r\n"))
        bytes_ = b""
        while part := s.recv(65536):
            bytes_ += part
    first, second = bytes_.split(b"\r\n\r\n", 1)
    assert b"200 OK" in first and second.startswith(b"HTTP/1.1 200 OK") and b'"username":"leader"' in second


def test_kept_answers_come_in_the_order_of_the_questions(server):
    """Answers from memory wait for those from the database that were asked before them on the connection."""
    leader = server.session("leader")
    token = leader.headers["Authorization"][7:]
    cells = [c["id"] for c in leader.get(server.base + "/api/v1/cells?level=town&within=code:chicago:chicago&limit=20").json()["items"]]
    for c in cells:
        leader.get(server.base + f"/api/v1/cells/{c}")  # kept from here on
    rng = random.Random(1)
    with socket.create_connection(("127.0.0.1", int(server.base.rsplit(":", 1)[1])), timeout=20) as s:
        f = s.makefile("rb")
        for turn in range(30):
            order = [rng.choice(cells) if rng.random() < 0.7 else None for _ in range(12)]
            days = [datetime.date(2011, 1, 1) + datetime.timedelta(turn * 20 + i) for i in range(12)]
            s.sendall(b"".join(head("GET", f"/api/v1/cells/{c}" if c else f"/api/v1/figures?within=code:chicago:32&level=town&measures=hazard_density&from={day}&to=2019-01-01", token)
                               for c, day in zip(order, days)))
            for c, day in zip(order, days):
                status, _, body = read_answer(f)
                told = json.loads(body)
                assert status == 200 and (told["id"] == c if c else told["window"]["from"] == str(day))
