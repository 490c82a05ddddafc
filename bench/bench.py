#!/usr/bin/env python3
"""./run bench: ratios of Gridward against fixed SQL (bench/sql, by pgbench) and nginx, medians of alternating rounds on one machine in
one run. Absolute figures of a shared machine say little; ratios say more."""
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


def start(folder):
    log = open(folder / "log", "w+")
    process = subprocess.Popen([ROOT / "build/release/gridward", "demo", "--data", folder, "--samples", ROOT / "geodata", "--port", "0"], stdout=log, stderr=subprocess.STDOUT)
    while not (found := re.search(r"serving on (http://\S+)", (folder / "log").read_text())):
        assert process.poll() is None, (folder / "log").read_text()
        time.sleep(0.2)
    passwords = dict(line.split() for line in (folder / "accounts.txt").read_text().splitlines())
    return Server(found.group(1), passwords, process, folder)


def pgbench(server, name, clients=8, seconds=4):
    out = subprocess.run(["pgbench", "-n", "-f", ROOT / f"bench/sql/{name}.sql", "-c", str(clients), "-j", "2", "-T", str(seconds), "-M", "prepared", server.database],
                         capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    return float(re.search(r"tps = ([\d.]+)", out.stdout).group(1))


def wrk(url, script=None, clients=8, seconds=4, headers=()):
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
    (folder / "nginx.conf").write_text(f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; user root; events {{ worker_connections 256; }}\n"
                                       f"http {{ access_log off; keepalive_requests 1000000; server {{ listen 127.0.0.1:18080; root {folder}/www; }} }}")
    process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf"])
    time.sleep(0.5)
    return process


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5)
    rounds = arguments.parse_args().rounds
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gridward-bench-"))
    folder.chmod(0o755)
    server = start(folder)
    result = {}
    try:
        bearer = server.session("leader").headers["Authorization"]
        ask = "/api/v1/figures?within=code:chicago:chicago&level=village&measures=hazard_density"
        script = folder / "vary.lua"
        script.write_text(f'''math.randomseed(os.time())
request = function()
  local t = os.time{{year=2012, month=1, day=1, hour=12}} + 86400 * math.random(0, 700) + math.random(0, 0)
  return wrk.format("GET", "{ask}&from=" .. os.date("%Y-%m-%d", t) .. "&to=" .. os.date("%Y-%m-%d", t + 366 * 86400) .. "&known=" .. "", {{["Authorization"]="{bearer}", ["Accept-Encoding"]="identity"}})
end'''.replace(' .. "&known=" .. ""', ""))
        def uncached():
            requests.get(server.base + "/healthz")
            subprocess.run(["psql", server.database, "-qc", "select bump((select id from district where scheme = 'chicago'), false)"], check=True, stdout=subprocess.DEVNULL)
            return wrk(server.base, script, seconds=2)  # 700 windows, of which few repeat before the version moves on
        figures = alternate(rounds, ours=uncached, kept=lambda: pgbench(server, "kept"), by_key=lambda: pgbench(server, "live_join_key"))
        by_shape = pgbench(server, "live_join_shape", clients=2, seconds=6)
        result["figures of 801 villages, uncached, req/s"] = {**figures, "by_shape": by_shape, "ours / live join by shape": figures["ours"] / by_shape,
                                                              "ours / live join by key": figures["ours"] / figures["by_key"], "ours / best raw": figures["ours"] / figures["kept"]}
        for size, query in ((1024, "within=code:chicago:32&level=town&measures=hazard_density"), (16384, "within=code:chicago:32&level=village&measures=hazard_density"),
                            (65536, "within=code:chicago:chicago&level=town&measures=hazard_density,inspection_coverage")):
            url = f"{server.base}/api/v1/figures?{query}&from=2014-01-01&to=2015-01-01"
            body = len(requests.get(url, headers={"Authorization": bearer, "Accept-Encoding": "identity"}).content)
            front = nginx(folder, body)
            try:
                pair = alternate(rounds, ours=lambda: wrk(url, headers=["Authorization: " + bearer], clients=16, seconds=2), nginx=lambda: wrk(f"http://127.0.0.1:18080/{body}", clients=16, seconds=2))
            finally:
                front.terminate()
                front.wait()
            result[f"cached, {body} bytes, req/s"] = {**pair, "ours / nginx": pair["ours"] / pair["nginx"]}
        pair = alternate(rounds, counted=lambda: pgbench(server, "insert_counted", clients=4, seconds=3), plain=lambda: pgbench(server, "insert_plain", clients=4, seconds=3))
        result["one event written, tps"] = {**pair, "counted / plain": pair["counted"] / pair["plain"]}
        began = time.time()
        subprocess.run(["psql", server.database, "-Xq", "-c", "set statement_timeout = 0", "-f", ROOT / "bench/sql/attribution.sql"], check=True, stdout=subprocess.DEVNULL)
        by_postgis = 1_000_000 / (time.time() - began)
        said = subprocess.run([ROOT / "build/release/gridward", "check", "places", "--database", server.database, "--random", "1000000"], check=True, capture_output=True, text=True).stdout
        ours = float(re.search(r"\(chicago\):.* (\d+) points/s", said)[1])
        result["bulk attribution, points/s"] = {"ours": ours, "PostGIS": by_postgis, "ours / PostGIS": ours / by_postgis}
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
