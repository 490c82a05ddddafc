"""The demo of the built binary, in a folder of its own, once for all tests; and a browser."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from harness import BINARY, ROOT, Server  # noqa: E402

os.environ.setdefault("GRIDWARD_ADMIN_PORT", "0")  # each server that a test starts takes a free one


def demo():
    """Starts the demo in a folder of its own, yields its server, and stops it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gridward-test-"))
    folder.chmod(0o755)
    samples, release = os.environ.get("TEST_SAMPLES", ROOT / "geodata"), ROOT / "build/release/gridward"
    log = open(folder / "log", "w+")
    if loaded := os.environ.get("TEST_DEMO"):  # one that was stopped: spares the minute in which the samples are imported
        subprocess.run(["cp", "-a", loaded + "/.", folder], check=True)
    elif str(BINARY) != str(release):  # one with sanitizers: the samples are loaded by the other, as that is quicker
        subprocess.run([release, "demo", "--data", folder, "--samples", samples, "--load-only"], check=True, stdout=log)
    process = subprocess.Popen([BINARY, "demo", "--data", folder, "--samples", samples, "--port", "0"],
                               stdout=log, stderr=subprocess.STDOUT)
    port = None
    for _ in range(9000):
        text = (folder / "log").read_text()
        found = re.search(r"serving on http://127.0.0.1:(\d+)", text)
        if found:
            port = found.group(1)
            break
        assert process.poll() is None, text
        time.sleep(0.1)
    if port is None:
        process.kill()
        pytest.exit("the server did not start within a quarter of an hour:\n" + text)
    admin = re.search(r"health and metrics on (http://\S+)", text).group(1)
    passwords = dict(line.split() for line in (folder / "accounts.txt").read_text().splitlines())
    yield Server(f"http://127.0.0.1:{port}", passwords, process, folder, admin)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server():
    yield from demo()


@pytest.fixture(scope="module")
def own_server():
    """For a file whose tests need a map on which no other test has written."""
    yield from demo()


@pytest.fixture
def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,900", "--use-gl=angle", "--use-angle=swiftshader",
                     "--enable-unsafe-swiftshader"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    yield driver
    driver.quit()
