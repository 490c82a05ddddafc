"""The disk of the database fills up during writes and an import: each is told so, nothing acknowledged is lost, nothing is half there, and all is well by itself once there is room."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import uuid

import pytest

from cluster import Cluster
from harness import BINARY
from test_abandoned import within
from test_transfers import archive, square

ROWS = 20000
RECIPE = """
[district]
scheme = "full-test"
time_zone = "Asia/Shanghai"
holds_from = 2020-01-01
shape = "children"

[[table]]
kind = "district"
constants = { code = "990921", name = "满盘区", kind = "区" }

[[table]]
kind = "village"
file = "villages.geojson"
columns = { code = "code", name = "name" }
constants = { parent = "990921", kind = "村" }

[[table]]
kind = "hazard"
file = "hazards.csv"
crs = "EPSG:4490"
columns = { key = "key", day = "day", lon = "lon", lat = "lat" }
constants = { source = "patrol", grade = "general" }
"""


@pytest.fixture
def small():
    """A cluster whose data are on a file system of their own with 40 MB to spare."""
    disk = pathlib.Path(tempfile.mkdtemp(prefix="gridward-disk-"))
    disk.chmod(0o755)  # for the user of PostgreSQL
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2g,mode=0755", "tmpfs", disk], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here: " + mounted.stderr)
    cluster = Cluster(["-c", "max_wal_size=64MB", "-c", "min_wal_size=32MB"])
    try:
        subprocess.run(["cp", "-a", cluster.data, disk / "data"], check=True)
        shutil.rmtree(cluster.data)
        cluster.data, cluster.disk = disk / "data", disk
        cluster.start_postgres()
        used = int(subprocess.run(["du", "-sm", disk], capture_output=True, text=True, check=True).stdout.split()[0])
        subprocess.run(["mount", "-o", f"remount,size={used + 160}m", disk], check=True)
        cluster.start_server()
        yield cluster
        cluster.stop()
    finally:
        for process in (cluster.process, cluster.postgres):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        subprocess.run(["umount", "-l", disk], check=True)
        disk.rmdir()
        cluster.remove()


def fill(disk):
    """Leaves no room at all."""
    with open(disk / "filler", "wb", buffering=0) as f:
        try:
            while True:
                f.write(b"\0" * 65536 if shutil.disk_usage(disk).free > 65536 else b"\0" * 4096)
        except OSError:
            pass
    assert shutil.disk_usage(disk).free == 0


def files():
    rows = "".join(f"H{i},2024-{1 + i % 12:02}-11,{125.001 + i % 90 / 1000:.3f},{30.001 + i // 90 % 90 / 1000:.3f}\n" for i in range(ROWS))
    return {"recipe.toml": RECIPE, "villages.geojson": json.dumps({"type": "FeatureCollection", "features": [square("990921001001", "一村", 125.0)]}), "hazards.csv": "key,day,lon,lat\n" + rows}


def is_told(answer):
    return answer.status_code == 503 and "disk of the database is full" in answer.json()["detail"] and int(answer.headers["Retry-After"]) > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a file system")
def test_a_full_disk_loses_nothing_and_heals_by_itself(small):
    officer, coordinator, district = small.session("officer"), small.session("coordinator"), small.district("sim-990101")
    acknowledged, told = [], 0
    post = lambda session, files_: session.post(small.base + "/api/v1/imports", data=archive(files_), headers={"Content-Type": "application/zip"})

    def write():
        one = str(uuid.uuid4())
        answer = officer.post(small.base + "/api/v1/hazards", json={"id": one, "district": district, "day": "2025-05-05", "source": "patrol", "grade": "general", "lon": 124.2, "lat": 30.1, "description": "x" * 1500})
        if answer.status_code == 201:
            acknowledged.append(one)
        return answer

    for _ in range(20):
        assert write().status_code == 201
    fill(small.disk)
    refused = post(coordinator, files())
    assert is_told(refused), refused.text
    for _ in range(1000):
        answer = write()
        assert answer.status_code == 201 or is_told(answer), answer.text
        told += answer.status_code == 503
        if told == 10:
            break
    assert told == 10 and officer.get(small.base + "/api/v1/districts").status_code == 200  # what is there can be read
    (small.disk / "filler").unlink()
    assert within(10, lambda: write().status_code == 201)
    have = set(small.query("select id from hazard where upper_inf(recorded)").split())
    assert [one for one in acknowledged if one not in have] == []
    assert small.query("select count(*) from district where scheme = 'full-test'").strip() == "0"
    assert post(coordinator, files()).status_code == 201
    assert small.query("select count(*) from hazard h join district d on d.id = h.district_id where d.scheme = 'full-test'").strip() == str(ROWS)
    checked = subprocess.run([BINARY, "check", "figures", "--database", small.database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    print(f"{len(acknowledged)} acknowledged writes around a full disk, none lost; {told} told that it is full")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a file system")
def test_a_full_folder_of_uploads_is_told_as_such(server, tmp_path):
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmp_path], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here: " + mounted.stderr)
    other = subprocess.Popen([BINARY, "serve", "--database", server.database, "--demo-database", "--port", "0", "--admin-port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             env={**os.environ, "TMPDIR": str(tmp_path)})
    try:
        base = next(line.split()[-1] for line in other.stdout if "] serving on" in line)
        post = lambda: server.session("coordinator").post(base + "/api/v1/imports?dry_run=true", data=archive(files()), headers={"Content-Type": "application/zip"})
        refused = post()
        assert refused.status_code == 503 and "unpacks what it is sent is full" in refused.json()["detail"] and "Retry-After" in refused.headers, refused.text
        assert list(tmp_path.iterdir()) == []
        subprocess.run(["mount", "-o", "remount,size=64m", tmp_path], check=True)
        assert post().status_code == 200
    finally:
        other.terminate()
        other.wait(30)
        subprocess.run(["umount", "-l", tmp_path], check=True)
