"""The map on imported roads and water: those that the simulator draws for 示范区, on a server of this file's own."""
import json
import os
import subprocess

from harness import BINARY, ROOT


def test_in_the_browser(own_server, tmp_path):
    subprocess.run([BINARY, "simulate", tmp_path, "--enterprises", "10"], check=True, capture_output=True)
    done = subprocess.run([BINARY, "import", "--database", own_server.database, tmp_path / "district-001/basemap.toml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    environment = {**os.environ, "GRIDWARD": own_server.base, "PASSWORDS": json.dumps(own_server.passwords), "PICTURES": os.environ.get("TEST_PICTURES", "")}
    done = subprocess.run(["node", "--test", "e2e/imported_basemap.own.mjs"], cwd=ROOT / "web", env=environment, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
