"""What people do with the page, in a browser against the real server: web/e2e, each file a flow."""
import json
import os
import subprocess

import pytest

from harness import ROOT

FLOWS = sorted((ROOT / "web/e2e").glob("*.e2e.mjs"), key=lambda f: (f.name != "screens.e2e.mjs", f.name))  # pictures first, before other flows change what is in them


@pytest.mark.parametrize("flow", FLOWS, ids=lambda f: f.name.removesuffix(".e2e.mjs"))
def test_in_the_browser(server, flow):
    """TEST_PICTURES: a folder for screenshots."""
    environment = {**os.environ, "GRIDWARD": server.base, "PASSWORDS": json.dumps(server.passwords), "PICTURES": os.environ.get("TEST_PICTURES", "")}
    done = subprocess.run(["node", "--test", flow], cwd=ROOT / "web", env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr


def test_flows_are_found():
    assert FLOWS
