"""The demo of the built binary, in a folder of its own, once for all tests; and a browser."""
import atexit
import functools
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
import contract  # noqa: E402
from harness import BINARY, ROOT, Server  # noqa: E402

SAMPLES = os.environ.get("TEST_SAMPLES", ROOT / "geodata")
os.environ.setdefault("GRIDWARD_ADMIN_PORT", "0")  # each server that a test starts takes a free one


@functools.lru_cache
def loaded():
    """The folder of a demo with its samples, stopped. Copies of it spare each server the minute of the import."""
    if given := os.environ.get("TEST_DEMO"):
        return given
    folder = tempfile.mkdtemp(prefix="gridward-loaded-")
    os.chmod(folder, 0o755)
    atexit.register(shutil.rmtree, folder)
    release = ROOT / "build/release/gridward"  # one with sanitizers would take long
    subprocess.run([release, "demo", "--data", folder, "--samples", SAMPLES, "--load-only"], check=True, stdout=subprocess.DEVNULL)
    return folder


def pytest_configure(config):
    """Where several processes share the tests, they share the loaded demo too."""
    if getattr(config.option, "numprocesses", None):
        os.environ["TEST_DEMO"] = str(loaded())


def pytest_sessionfinish():
    """Which operations were seen, and refusals that the page cannot tell, for tests/covered."""
    if folder := os.environ.get("TEST_SEEN"):
        (pathlib.Path(folder) / f"untold.{os.getpid()}").write_text("\n".join(sorted(contract.untold)))
        (pathlib.Path(folder) / str(os.getpid())).write_text("\n".join(contract.seen))


def demo():
    """Starts the demo in a folder of its own, yields its server, and stops it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gridward-test-"))
    folder.chmod(0o755)
    subprocess.run(["cp", "-a", loaded() + "/.", folder], check=True)
    log = open(folder / "log", "w+")
    process = subprocess.Popen([BINARY, "demo", "--data", folder, "--samples", SAMPLES, "--port", "0"],
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
