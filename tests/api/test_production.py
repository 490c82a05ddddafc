"""What stands around the server in production: nginx by config/nginx.conf in front of it, and the systemd unit."""
import os
import re
import shutil
import socket
import subprocess
import time
import uuid

import pytest
import requests

from contract import DOCUMENT
from harness import BINARY, ROOT


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture(scope="module")
def front(server, tmp_path_factory):
    """The address of an nginx that runs on config/nginx.conf, all of it but host, port, certificate and upstream; and its certificate."""
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    port, text = free_port(), (ROOT / "config/nginx.conf").read_text()
    for old, new in (("listen 443 ", f"listen 127.0.0.1:{port} "), ("server 127.0.0.1:8080;", f"server {server.base.removeprefix('http://')};"),
                     ("/etc/ssl/gridward/fullchain.pem", str(folder / "cert.pem")), ("/etc/ssl/gridward/privkey.pem", str(folder / "key.pem")), ("gridward.example.cn", "localhost")):
        assert old in text, old
        text = text.replace(old, new)
    user = "user root;" if os.geteuid() == 0 else ""  # who may write into the folder of this test
    (folder / "nginx.conf").write_text(f"{user} pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; events {{}}\n"
                                       f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{text}\n}}\n")
    command = ["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0 and "warn" not in checked.stderr, checked.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    for _ in range(100):
        if (folder / "pid").exists() and socket.socket().connect_ex(("127.0.0.1", port)) == 0:
            break
        time.sleep(0.1)
    yield f"https://localhost:{port}", str(folder / "cert.pem")
    process.terminate()
    assert process.wait(20) == 0


def client(certificate):
    session = requests.Session()
    session.trust_env = False  # a bundle that the environment names would stand in for this one
    session.verify = certificate
    return session


def test_nginx_stands_in_front(server, front):
    base, certificate = front
    s = client(certificate)
    signed_in = s.post(base + "/api/v1/sessions", json={"username": "leader", "password": server.passwords["leader"]})
    assert signed_in.status_code == 201 and "Strict-Transport-Security" in signed_in.headers
    s.headers["Authorization"] = "Bearer " + signed_in.json()["token"]
    villages = s.get(base + "/api/v1/cells", params={"level": "village", "q": "示范"})
    assert villages.status_code == 200 and s.get(villages.url, headers={"If-None-Match": villages.headers["ETag"]}).status_code == 304
    pieces = iter([b'{"what":"cells","format":"csv",', b'"cell":"code:chicago:32"}'])
    assert s.post(base + "/api/v1/exports", data=pieces, headers={"Content-Type": "application/json"}).status_code == 200  # chunked: nginx gives it a length
    assert s.get(base + "/").status_code == s.get(base + "/openapi.json").status_code == 200
    assert s.post(base + "/api/v1/sessions", data=b" " * 3_000_000).status_code == 413
    tiles = s.get(base + "/tiles/villages.json").json()["tiles"]
    assert tiles == [base.replace("https://localhost:", "http://localhost:").rsplit(":", 1)[0] + "/tiles/villages/{z}/{x}/{y}.mvt"], "a proxy is not trusted unless the settings say so"
    assert requests.get(server.admin + "/metrics").status_code == 200
    assert all(s.get(base + path).status_code == 404 for path in ("/metrics", "/healthz", "/readyz"))  # these are for this machine


def test_nginx_takes_what_the_contract_takes(server, front):
    """A body of a size that only imports, attachments and the like may have reaches the server, which answers itself."""
    base, certificate = front
    large = [(method, address, operation["x-body-limit"]) for address, methods in DOCUMENT["paths"].items() for method, operation in methods.items() if operation.get("x-body-limit", 0) > 2_000_000]
    assert len(large) >= 2
    for method, address, limit in large:
        answer = client(certificate).request(method, base + address.replace("{id}", str(uuid.uuid4())), data=b"x" * (limit - 1000), headers={"Authorization": "Bearer none", "Content-Type": "application/zip"})
        assert answer.status_code == 401 and answer.headers["Content-Type"] == "application/problem+json", f"{address}: {answer.status_code} {answer.text[:200]}"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_systemd_unit_is_in_order(tmp_path):
    text = (ROOT / "config/gridward.service").read_text()
    assert "ExecStart=/usr/local/bin/gridward serve --config /etc/gridward/gridward.toml" in text
    unit = tmp_path / "gridward.service"
    unit.write_text(text.replace("/usr/local/bin/gridward", str(BINARY)))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    assert done.returncode == 0 and "gridward.service" not in done.stderr, done.stderr
    said = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True).stdout
    assert float(re.search(r"exposure level for gridward.service: ([\d.]+)", said)[1]) < 2.5, said


def test_the_settings_that_the_unit_names_are_read(tmp_path):
    """The sample of gridward.toml in the unit's head, and that of the README, are files that --config takes."""
    for name in ("config/gridward.service", "README.md"):
        found = re.search(r"\[database\]\s*(?:#\s*)?connection = \"host=[^\"]+\"", (ROOT / name).read_text().replace("\\n", "\n"))
        (tmp_path / "gridward.toml").write_text(re.sub(r"\n#\s*", "\n", found[0]) + "\n")
        done = subprocess.run([BINARY, "dump-config", "--config", tmp_path / "gridward.toml"], capture_output=True, text=True)
        assert done.returncode == 0 and f"{tmp_path}/gridward.toml, line 2" in done.stdout, done.stderr
