"""Hostile and honest clients together: every honest answer is the asker's own, and none is late."""
import json
import random
import socket
import threading
import time

SECONDS = 8


def head(method, target, token, extra=""):
    return f"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{extra}\r\n".encode()


def read_answer(f):
    status = int(f.readline().split()[1])
    length = 0
    while (line := f.readline().strip()):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return status, f.read(length)


def test_torture(server):
    leader = server.session("leader")
    token = leader.headers["Authorization"][7:]
    villages = [c["id"] for c in leader.get(server.base + "/api/v1/cells?level=village&within=code:chicago:chicago&limit=1000").json()["items"]]
    host, port = "127.0.0.1", int(server.base.rsplit(":", 1)[1])
    until, wrong, good = time.time() + SECONDS, [], [0]
    connect = lambda: socket.create_connection((host, port), timeout=10)

    def honest(seed):
        rng = random.Random(seed)
        with connect() as s:
            f = s.makefile("rb")
            while time.time() < until:
                ids = [rng.choice(villages) for _ in range(rng.choice([1, 1, 4]))]  # sometimes pipelined
                bytes_ = b"".join(head("GET", f"/api/v1/cells/{i}", token) for i in ids)
                cut = rng.randint(0, len(bytes_))
                started = time.time()
                s.sendall(bytes_[:cut])
                s.sendall(bytes_[cut:])
                for i in ids:
                    status, body = read_answer(f)
                    if status != 200 or json.loads(body)["id"] != i or time.time() - started > 5:
                        wrong.append((i, status, body[:80], time.time() - started))
                    good[0] += 1

    def hostile(seed):
        rng = random.Random(seed)
        big = head("GET", "/api/v1/cells?level=village&limit=1000&within=code:chicago:chicago", token, "Accept: application/geo+json\r\n")
        while time.time() < until:
            with connect() as s:
                kind = rng.randrange(5)
                try:
                    if kind == 0:                                # asks and leaves
                        s.sendall(head("GET", f"/api/v1/cells/{rng.choice(villages)}", token))
                    elif kind == 1:                              # malformed
                        s.sendall(rng.randbytes(200) + b"\r\n\r\n")
                        s.recv(1000)
                    elif kind == 2:                              # chunked, cut between CR and LF
                        s.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r")
                        assert b"411" in s.recv(1000)
                    elif kind == 3:                              # drips a head
                        for b in b"GET / HTTP/1.1\r\nHo":
                            s.sendall(bytes([b]))
                    else:                                        # a megabyte that is not read
                        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                        s.sendall(big)
                        time.sleep(0.5)
                except (ConnectionError, TimeoutError):
                    pass

    def run(kind, seed):
        try:
            kind(seed)
        except Exception as e:  # noqa: BLE001 - a fault of any sort is what the test looks for
            wrong.append((kind.__name__, repr(e)))

    threads = [threading.Thread(target=run, args=(kind, seed)) for kind, n in ((honest, 3), (hostile, 5)) for seed in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert not wrong, wrong[:5]
    assert good[0] > 50
    print(f"{good[0]} honest answers, all right")


def test_head_and_pipelining_keep_the_frame(server):
    token = server.session("leader").headers["Authorization"][7:]
    with socket.create_connection(("127.0.0.1", int(server.base.rsplit(":", 1)[1])), timeout=10) as s:
        s.sendall(head("HEAD", "/api/v1/cells/1", token) + head("GET", "/api/v1/me", token, "Connection: close\r\n"))
        bytes_ = b""
        while part := s.recv(65536):
            bytes_ += part
    first, second = bytes_.split(b"\r\n\r\n", 1)
    assert b"200 OK" in first and second.startswith(b"HTTP/1.1 200 OK") and b'"username":"leader"' in second
