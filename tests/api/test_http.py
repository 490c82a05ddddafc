"""What users of HTTP expect: methods, framing, tags, refusals that can be read."""
import re
import socket
import subprocess

import pytest
import requests

from contract import DOCUMENT
from harness import script_of
from test_matrix import NEEDED, fill, parameters
from test_transport import head, read_answer


def connect(server):
    return socket.create_connection(("127.0.0.1", int(server.base.rsplit(":", 1)[1])), timeout=20)


def talk(server, bytes_):
    """What the server says until it closes."""
    with connect(server) as s:
        s.sendall(bytes_)
        out = b""
        while part := s.recv(65536):
            out += part
        return out


def methods(text):
    return set(text.split(", "))


def test_options_tells_the_methods_of_that_very_address(server):
    for path, operations in DOCUMENT["paths"].items():
        expected = {m.upper() for m in operations} | {"OPTIONS"} | ({"HEAD"} if "get" in operations else set())
        answer = requests.options(server.base + fill(path, "1"))
        assert (answer.status_code, methods(answer.headers["Allow"]), answer.content) == (204, expected, b""), path
    assert methods(requests.options(server.base + script_of(server)).headers["Allow"]) == {"GET", "HEAD", "OPTIONS"}
    for nothing in ("/nothing", "/api/v1/cells/1/nothing", "/api/v1", "/api/v1/cells/"):
        answer = requests.options(server.base + nothing)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json"), nothing
    assert b"HTTP/1.1 204 No Content" in talk(server, b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


def test_another_method_is_refused_with_those_that_there_are(server):
    leader = server.session("leader")
    for method, path, expected in (("DELETE", "/api/v1/cells", {"GET", "HEAD", "POST", "OPTIONS"}), ("PUT", "/api/v1/cells/1", {"GET", "HEAD", "PATCH", "OPTIONS"}),
                                   ("POST", "/", {"GET", "HEAD", "OPTIONS"}), ("BREW", "/api/v1/me", {"GET", "HEAD", "OPTIONS"})):
        answer = leader.request(method, server.base + path)
        assert (answer.status_code, methods(answer.headers["Allow"])) == (405, expected), (method, path)


def test_head_on_everything_that_has_get(server):
    """The same head, no body, and what follows on the connection is read right."""
    leader = server.session("leader")
    token = leader.headers["Authorization"][7:]
    paths = ["/", "/docs", script_of(server)]
    for path, operations in DOCUMENT["paths"].items():
        if "get" in operations and "text/event-stream" not in operations["get"]["responses"].get("200", {}).get("content", {}):  # one that does not end: test_changes
            names = {p["name"]: p for p in parameters(operations["get"])}
            query = "&".join(f"{k}={v}" for k, v in NEEDED.items() if k in names and (names[k].get("required") or (k in ("from", "to", "measures", "level") and path.endswith("figures"))))
            paths.append(fill(path, "code:chicago:32") + ("?" + query if query else ""))
    assert len(paths) > 25
    changing = {"date", "x-request-id", "server-timing", "content-length"}  # a problem names its own request
    seen = set()
    with connect(server) as s:
        f = s.makefile("rb")
        for path in paths:
            answers = []
            for method in ("GET", "HEAD"):
                s.sendall(head(method, path, token))
                status, headers, body = read_answer(f, method)
                answers.append((status, {k: v for k, v in headers.items() if k not in changing or (k == "content-length" and status == 200)}, bool(body)))
            (status, headers, body), (status_of_head, headers_of_head, body_of_head) = answers
            assert (status, headers) == (status_of_head, headers_of_head) and body == (status != 204) and not body_of_head, (path, answers)  # a tile without anything has no body
            seen.add(status)
    assert 200 in seen


@pytest.mark.parametrize("path", ["/", "/api/v1/me", "/nothing", "/api/v1/cells/code:chicago:32"])
def test_connection_close_is_honoured(server, path):
    """By the event thread, by workers, and for HTTP/1.0."""
    token = server.session("leader").headers["Authorization"][7:]
    for request in (head("GET", path, token, "Connection: close\r\n"), head("GET", path, token).replace(b"HTTP/1.1", b"HTTP/1.0")):
        out = talk(server, request + head("GET", "/api/v1/me", token))  # what comes after is not answered
        assert out.count(b"HTTP/1.1 ") == 1 and b"Connection: close\r\n" in out


def test_the_absolute_form_of_an_address(server):
    assert b"HTTP/1.1 200 OK" in talk(server, b"GET http://any.example/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


def test_a_refusal_reaches_who_still_sends(server):
    """Whoever sends all of a large body before reading still gets the answer that it is too large."""
    with connect(server) as s:
        s.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n")
        for _ in range(300):
            s.sendall(b"x" * 100_000)
        answer = s.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 Content Too Large\r\n") and b"application/problem+json" in answer


def test_a_client_that_waits_for_continue_is_told_to(server):
    body = b'{"username":"leader","password":"' + server.passwords["leader"].encode() + b'"}'
    with connect(server) as s:
        s.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n")
        assert s.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        s.sendall(body)
        assert s.recv(1000).startswith(b"HTTP/1.1 201 Created\r\n")


def test_a_tag_is_of_one_encoding(server):
    leader = server.session("leader")
    for path in (script_of(server), "/api/v1/cells?level=village&limit=100"):
        by_encoding = {}
        for encoding in ("identity", "gzip", "zstd"):
            headers = {**leader.headers, "Accept-Encoding": encoding}
            answer = requests.get(server.base + path, headers=headers, stream=True)
            assert answer.headers.get("Content-Encoding", "identity") == encoding
            by_encoding[encoding] = answer.headers["ETag"]
            assert int(answer.headers["Content-Length"]) == len(answer.raw.read(decode_content=False))
            unchanged = requests.get(server.base + path, headers={**headers, "If-None-Match": 'W/"a", ' + answer.headers["ETag"]})
            assert (unchanged.status_code, unchanged.headers["ETag"], unchanged.content) == (304, by_encoding[encoding], b"")
        assert len(set(by_encoding.values())) == 3


def test_who_takes_brotli_and_no_better_gets_it(server):
    leader, url = server.session("leader"), server.base + "/api/v1/cells?level=village&limit=100"
    ask = lambda encoding: requests.get(url, headers={**leader.headers, "Accept-Encoding": encoding}, stream=True)  # noqa: E731
    plain, packed = ask("identity"), ask("gzip, deflate, br")
    assert packed.headers["Content-Encoding"] == "br" and packed.headers["ETag"] != plain.headers["ETag"] and ask("br, zstd").headers["Content-Encoding"] == "zstd"
    bytes_ = packed.raw.read(decode_content=False)
    unpack = "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))"
    assert len(bytes_) < len(plain.content) / 2 and subprocess.run(["node", "-e", unpack], input=bytes_, capture_output=True, check=True).stdout == plain.content


def test_what_is_noted_each_time_has_no_tag(server):
    answer = server.session("leader").get(server.base + f"/api/v1/people?district={server.district()}&phones=true")
    assert answer.status_code == 200 and "ETag" not in answer.headers


def test_every_answer_has_its_date(server):
    assert re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", requests.get(server.base + "/").headers["Date"])
