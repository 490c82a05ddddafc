"""The built binary on the samples, in a folder of its own."""
import contextlib
import os
import pathlib
import re
import signal
import subprocess

import requests

import contract

ROOT = pathlib.Path(__file__).parents[2]
BINARY = os.environ.get("TEST_BINARY", str(ROOT / "build/release/gridward"))  # one with sanitizers, in a soak


class Server:
    def __init__(self, base, passwords, process, folder, admin=None):
        self.base, self.passwords, self.process, self.folder, self.admin = base, passwords, process, folder, admin
        self.database = socket_of(folder)

    def district(self, scheme="chicago"):
        return next(d["id"] for d in self.session("leader").get(self.base + "/api/v1/districts").json()["items"] if d["scheme"] == scheme)

    def session(self, name):
        answer = requests.post(self.base + "/api/v1/sessions", json={"username": name, "password": self.passwords[name]})
        assert answer.status_code == 201, answer.text
        s = contract.Session()
        s.headers["Authorization"] = "Bearer " + answer.json()["token"]
        return s


def script_of(server):
    """The address of the page's script, which is named by its hash."""
    return re.search(r'src="(/assets/index-[^"]+[.]js)"', requests.get(server.base + "/").text)[1]


def socket_of(folder):
    """The connection string of the app's role: postmaster.pid names the socket's folder on its fifth line."""
    socket = (folder / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    return f"host={socket} user=gridward_app dbname=gridward"


@contextlib.contextmanager
def beginner(server):
    """The address of a further server that begins now, on the same database."""
    process = subprocess.Popen([BINARY, "serve", "--database", server.database, "--demo-database", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield next(found[1] for line in process.stdout if (found := re.search(r"serving on (http://\S+)", line)))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
