"""A PostgreSQL and a server of a test's own, each of which can be killed and started again."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from harness import BINARY, Server

class Cluster(Server):
    """A PostgreSQL of ours on the data of a demo with 示范区 alone, and a server on it."""

    def __init__(self, postgres=()):
        """`postgres`: more of its options."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="gridward-cluster-"))
        subprocess.run([BINARY, "demo", "--data", folder, "--samples", folder, "--load-only"], check=True, capture_output=True)
        passwords = dict(line.split() for line in (folder / "accounts.txt").read_text().splitlines())
        self.socket = tempfile.mkdtemp(prefix="gw-")
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", self.socket], check=True)
        self.base, self.admin, self.passwords, self.process, self.folder = None, None, passwords, None, folder
        self.database = f"host={self.socket} user=gridward_app dbname=gridward"
        self.data = (folder / "postgres").resolve()  # elsewhere, if we are root: the folder is closed to the postgres user
        self.options, self.postgres, self.port = list(postgres), None, 0

    def start_postgres(self):
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
        command = prefix + ["/usr/lib/postgresql/15/bin/postgres", "-D", self.data, "-c", "listen_addresses=", "-c", f"unix_socket_directories={self.socket}", *self.options]
        for _ in range(20):
            self.postgres = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(100):
                if subprocess.run(["pg_isready", "-q", "-h", self.socket]).returncode == 0:
                    return
                if self.postgres.poll() is not None:
                    break
                time.sleep(0.1)
            time.sleep(0.5)
        raise AssertionError("PostgreSQL did not start")

    def kill_postgres(self):
        self.postgres.kill()
        self.postgres.wait()

    def start_server(self, *flags):
        """On the port that it had before, if it had one."""
        log = open(self.folder / "serve.log", "a")
        self.process = subprocess.Popen([BINARY, "serve", "--database", self.database, "--demo-database", "--port", str(self.port), *flags], stdout=subprocess.PIPE, stderr=log, text=True)
        for line in self.process.stdout:
            if found := re.search(r"(health and metrics|serving) on (http://\S+)", line):
                setattr(self, "admin" if found[1] != "serving" else "base", found[2])
                if found[1] == "serving":
                    self.port = int(found[2].rsplit(":", 1)[1])
                    break
        else:
            raise AssertionError("the server did not start: " + (self.folder / "serve.log").read_text())
        threading.Thread(target=lambda out: [None for _ in out], args=(self.process.stdout,), daemon=True).start()

    def kill_server(self):
        self.process.kill()
        self.process.wait()

    def query(self, sql):
        """What psql says, a row a line."""
        return subprocess.run(["psql", self.database, "-XqAtc", sql], capture_output=True, text=True, check=True).stdout

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        self.postgres.send_signal(signal.SIGINT)
        self.postgres.wait(60)

    def remove(self):
        for folder in (self.data, self.folder, self.socket):
            shutil.rmtree(folder, ignore_errors=True)
