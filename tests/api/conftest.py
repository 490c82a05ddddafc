"""Starts the built binary on the Chicago sample in a folder of its own, once for all tests."""
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import pytest
import requests

import contract

ROOT = pathlib.Path(__file__).parents[2]


class Server:
    def __init__(self, base, passwords, process, folder):
        self.base, self.passwords, self.process, self.folder = base, passwords, process, folder
        self.database = socket_of(folder)

    def session(self, name):
        answer = requests.post(self.base + "/api/v1/sessions", json={"username": name, "password": self.passwords[name]})
        assert answer.status_code == 201, answer.text
        s = contract.Session()
        s.headers["Authorization"] = "Bearer " + answer.json()["token"]
        return s


def socket_of(folder):
    """The connection string of the app's role: postmaster.pid names the socket's folder on its fifth line."""
    socket = (folder / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    return f"host={socket} user=gridward_app dbname=gridward"


@pytest.fixture(scope="session")
def server():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gridward-test-"))
    folder.chmod(0o755)
    log = open(folder / "log", "w+")
    process = subprocess.Popen([ROOT / "build/release/gridward", "demo", "--data", folder, "--samples", ROOT / "geodata", "--port", "0"],
                               stdout=log, stderr=subprocess.STDOUT)
    port = None
    for _ in range(3000):
        text = (folder / "log").read_text()
        found = re.search(r"serving on http://127.0.0.1:(\d+)", text)
        if found:
            port = found.group(1)
            break
        assert process.poll() is None, text
        time.sleep(0.1)
    if port is None:
        process.kill()
        pytest.exit("the server did not start within five minutes:\n" + text)
    passwords = dict(line.split() for line in (folder / "accounts.txt").read_text().splitlines())
    yield Server(f"http://127.0.0.1:{port}", passwords, process, folder)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    shutil.rmtree(folder)
