#!/usr/bin/env python3
"""./run bench: ratios of Gridward against fixed SQL (bench/sql, by pgbench) and nginx, medians of alternating rounds on one machine in
one run. Absolute figures of a shared machine say little; ratios say more. `--only SECTION` runs a part.

Against nginx: two of its worker processes, with a static file and no access log, are set beside our two event threads, so that either may use
all of two cores; wrk drives either with one thread and 16 connections from the same machine. nginx serves anyone, while each of our answers
first settles whose session it is and what it may see."""
import argparse
import json
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
from harness import Server  # noqa: E402

import after_write  # noqa: E402
import balancing  # noqa: E402
import comparing  # noqa: E402
import elsewhere  # noqa: E402
import growth  # noqa: E402
import hotspots  # noqa: E402
import importing  # noqa: E402
import moving  # noqa: E402
import tiling  # noqa: E402
import viewing  # noqa: E402


def start(folder):
    log = open(folder / "log", "w+")
    process = subprocess.Popen([ROOT / "build/release/gridward", "demo", "--data", folder, "--samples", ROOT / "geodata", "--port", "0"], stdout=log, stderr=subprocess.STDOUT)
    while not (found := re.search(r"serving on (http://\S+)", (folder / "log").read_text())):
        assert process.poll() is None, (folder / "log").read_text()
        time.sleep(0.2)
    passwords = dict(line.split() for line in (folder / "accounts.txt").read_text().splitlines())
    admin = re.search(r"health and metrics on (http://\S+)", (folder / "log").read_text()).group(1)
    return Server(found.group(1), passwords, process, folder, admin)


def refusals(server):
    """What the server has refused so far, by its metrics, and what it says of it in its log."""
    counted = [line for line in requests.get(server.admin + "/metrics").text.splitlines() if re.match(r"gridward_http_requests_total.*status=\"[45]", line)]
    return "\n".join([*counted, *(server.folder / "log").read_text().splitlines()[-30:]])


def pgbench(server, name, clients=8, seconds=4, **variables):
    out = subprocess.run(["pgbench", "-n", "-f", ROOT / f"bench/sql/{name}.sql", "-c", str(clients), "-j", "2", "-T", str(seconds), "-M", "prepared",
                          *(f"-D{name}={value}" for name, value in variables.items()), server.database],
                         capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    return float(re.search(r"tps = ([\d.]+)", out.stdout).group(1))


def wrk(url, script=None, clients=8, seconds=4, headers=()):
    """Requests a second; 304 is an answer too."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", *sum((["-H", h] for h in headers), [])]
    if script:
        command += ["-s", script]
    out = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in out, out
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def alternate(rounds, **what):
    """The median of each, all in turn in each round."""
    seen = {name: [] for name in what}
    for _ in range(rounds):
        for name, measure in what.items():
            seen[name].append(measure())
    return {name: statistics.median(values) for name, values in seen.items()}


def nginx(folder, size):
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / str(size)).write_bytes(b"x" * size)
    (folder / "nginx.conf").write_text(f"daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; user root; events {{ worker_connections 256; }}\n"
                                       f"http {{ access_log off; keepalive_requests 1000000; server {{ listen 127.0.0.1:18080; root {folder}/www; }} }}")
    process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf"])
    while process.poll() is None and subprocess.run(["curl", "-sfo", folder / "got", f"http://127.0.0.1:18080/{size}"]).returncode:
        time.sleep(0.1)
    assert process.poll() is None, (folder / "error.log").read_text()
    return process


class Bench:
    """The sections; each answers a dictionary."""

    def __init__(self, server, folder, rounds):
        self.server, self.folder, self.rounds = server, folder, rounds
        self.bearer = server.session("leader").headers["Authorization"]

    def get(self, target, **headers):
        return requests.get(self.server.base + target, headers={"Authorization": self.bearer, "Accept-Encoding": "identity", **headers})

    def psql(self, *arguments):
        subprocess.run(["psql", self.server.database, "-Xq", *arguments], check=True, stdout=subprocess.DEVNULL)

    def uncached(self):
        """Figures of 801 villages, each request of another window."""
        script = self.folder / "vary.lua"
        script.write_text(f'''math.randomseed(os.time())
request = function()
  local t = os.time{{year=2012, month=1, day=1, hour=12}} + 86400 * math.random(0, 700)
  local target = "/api/v1/figures?within=code:chicago:chicago&level=village&measures=hazard_density&from=" .. os.date("%Y-%m-%d", t) .. "&to=" .. os.date("%Y-%m-%d", t + 366 * 86400)
  return wrk.format("GET", target, {{["Authorization"]="{self.bearer}", ["Accept-Encoding"]="identity"}})
end''')

        def ours():
            self.psql("-c", "select bump((select id from district where scheme = 'chicago'), false)")
            return wrk(self.server.base, script, seconds=2)  # 700 windows, of which few repeat before the version moves on
        figures = alternate(self.rounds, ours=ours, kept=lambda: pgbench(self.server, "kept"), by_key=lambda: pgbench(self.server, "live_join_key"))
        by_shape = pgbench(self.server, "live_join_shape", clients=2, seconds=6)
        return {"figures of 801 villages, uncached, req/s": {**figures, "by_shape": by_shape, "ours / live join by shape": figures["ours"] / by_shape,
                                                             "ours / live join by key": figures["ours"] / figures["by_key"], "ours / best raw": figures["ours"] / figures["kept"]}}

    def list_of(self, size):
        """A list of villages whose body is as near to a size as can be."""
        target = "/api/v1/cells?within=code:chicago:chicago&level=village&limit="
        each = (len(self.get(target + "401").content) - len(self.get(target + "1").content)) / 400
        first = round(size / each)
        return min((target + str(n) for n in range(max(1, first - 2), first + 3)), key=lambda t: abs(len(self.get(t).content) - size))

    def against_nginx(self, target, headers):
        """Requests a second of a kept answer, and of nginx with a file of the same size; `headers(tag)` go to each."""
        answer = self.get(target)
        front = nginx(self.folder, len(answer.content))
        url = f"http://127.0.0.1:18080/{len(answer.content)}"
        try:
            theirs = headers(requests.get(url).headers["ETag"])
            ours = ["Authorization: " + self.bearer, *headers(answer.headers["ETag"])]
            pair = alternate(self.rounds, ours=lambda: wrk(self.server.base + target, headers=ours, clients=16, seconds=2), nginx=lambda: wrk(url, headers=theirs, clients=16, seconds=2))
        finally:
            front.terminate()
            front.wait()
        return len(answer.content), {**pair, "ours / nginx": pair["ours"] / pair["nginx"]}

    def cached(self):
        out = {}
        for size in (1024, 16384, 65536):
            length, pair = self.against_nginx(self.list_of(size), lambda tag: [])
            out[f"kept answer of {length} bytes, req/s"] = pair
        _, pair = self.against_nginx(self.list_of(16384), lambda tag: ["If-None-Match: " + tag])
        out["304, req/s"] = pair
        return out

    def written(self):
        told = subprocess.run(["psql", self.server.database, "-XAtc", """
            select d.id, d.map_version, c.leaf, chain_of(d.id, c.leaf, '2015-06-01')
            from district d cross join lateral cell_at(d.id, '2015-06-01', ST_SetSRID(ST_MakePoint(-87.63, 41.88), 4490)) c (leaf) where d.scheme = 'chicago'"""],
            check=True, capture_output=True, text=True).stdout.strip().split("|")
        told = dict(zip(("district", "map_version", "leaf", "chain"), told))
        write = lambda name: lambda: pgbench(self.server, name, clients=4, seconds=3, **told)
        seen = alternate(self.rounds, counted=write("insert_counted"), plain=write("insert_plain"), untold=write("insert_untold"), recorded=write("insert_recorded"))
        return {"one event written, tps": {**seen, **{f"{name} / plain": seen[name] / seen["plain"] for name in ("counted", "untold", "recorded")}}}

    def attribution(self):
        began = time.time()
        self.psql("-c", "set statement_timeout = 0", "-f", ROOT / "bench/sql/attribution.sql")
        by_postgis = 1_000_000 / (time.time() - began)
        said = subprocess.run([ROOT / "build/release/gridward", "check", "places", "--database", self.server.database, "--random", "1000000"], check=True, capture_output=True, text=True).stdout
        ours = float(re.search(r"\(chicago\):.* (\d+) points/s", said)[1])
        return {"bulk attribution, points/s": {"ours": ours, "PostGIS": by_postgis, "ours / PostGIS": ours / by_postgis}}

    def importing(self):
        return importing.section(self.server, self.rounds)

    def tiles(self):
        return tiling.section(self, alternate, pgbench, wrk)

    def heat(self):
        """Milliseconds of thread CPU of a heat tile, from a program of its own (bench/heat.cpp)."""
        subprocess.run(["ninja", "-C", ROOT / "build/release", "bench_heat"], check=True, stdout=subprocess.DEVNULL)
        out = json.loads(subprocess.run([ROOT / "build/release/bench/bench_heat"], capture_output=True, text=True, check=True).stdout)
        return {f"heat: {name}, ms of thread CPU": value for name, value in out.items()}

    def growth(self):
        return growth.section(self.server, self.rounds)

    def after_write(self):
        return after_write.section(self.server, self.rounds)

    def hotspots(self):
        return hotspots.section(self.server, self.rounds)

    def balance(self):
        return balancing.section(self.server, self.rounds)

    def compare(self):
        return comparing.section(self.server, self.rounds)

    def moving(self):
        return moving.section(self.server, self.rounds)

    def elsewhere(self):
        return elsewhere.section(self.server, self.rounds)

    def view(self):
        return viewing.section(self.server, self.rounds)


SECTIONS = ("uncached", "cached", "written", "attribution", "importing", "growth", "hotspots", "tiles", "after_write", "heat", "balance", "compare", "moving", "elsewhere", "view")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only", choices=SECTIONS, action="append", help="a section; may be repeated")
    asked = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gridward-bench-"))
    folder.chmod(0o755)
    server = start(folder)
    result = {}
    try:
        bench = Bench(server, folder, asked.rounds)
        for section in asked.only or SECTIONS:
            result.update(getattr(bench, section)())
    except AssertionError:
        print(refusals(server), file=sys.stderr)
        raise
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
