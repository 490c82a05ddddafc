"""Basemaps of an intranet: a small tile server on loopback, named by the settings of a server of this file's own."""
import http.server
import json
import os
import re
import struct
import subprocess
import threading
import zlib

import pytest
import requests

from harness import BINARY, ROOT

SIDE = 256


def tile(colour, grid):
    """A PNG of one colour, its edges and diagonals in another, so that what is moved can be seen on a picture."""
    rows = b"".join(b"\0" + b"".join(bytes(grid if x < 2 or y < 2 or abs(x - y) < 2 else colour) for x in range(SIDE)) for y in range(SIDE))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # noqa: E731
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Tiles(http.server.BaseHTTPRequestHandler):
    pictures = {"plain": tile((238, 226, 190), (150, 120, 60)), "moved": tile((205, 228, 205), (60, 120, 60))}

    def do_GET(self):
        found = re.fullmatch(r"/(plain|moved)/\d+/\d+/\d+[.]png", self.path)
        self.send_response(200 if found else 503)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        if found:
            self.wfile.write(self.pictures[found[1]])

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def tiles():
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}"
    served.shutdown()


@pytest.fixture(scope="module")
def on_basemaps(tiles, request):
    """A server with three basemaps: one in place, one in GCJ-02, and one that fails."""
    named = [f"name=底图甲; crs=EPSG:3857; url={tiles}/plain/{{z}}/{{x}}/{{y}}.png; credit=GS(2024)0000号",
             f"name=底图乙; crs=GCJ-02; url={tiles}/moved/{{TileMatrix}}/{{TileCol}}/{{TileRow}}.png; zooms=0-16", f"name=底图丙; crs=EPSG:3857; url={tiles}/broken/{{z}}/{{x}}/{{y}}"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDWARD_MAP_BASEMAPS", ",".join(named))
        return request.getfixturevalue("own_server")


def test_the_contract_tells_what_the_settings_name(on_basemaps, tiles):
    items = [b for b in on_basemaps.session("leader").get(on_basemaps.base + "/api/v1/basemaps").json()["items"] if b["type"] == "raster"]  # what is imported comes after them
    assert [(b["name"], b["crs"], b["min_zoom"], b["max_zoom"], b["credit"]) for b in items] == [
        ("底图甲", "EPSG:3857", 0, 18, "GS(2024)0000号"), ("底图乙", "GCJ-02", 0, 16, None), ("底图丙", "EPSG:3857", 0, 18, None)]
    assert items[1]["url"] == tiles + "/moved/{z}/{x}/{y}.png"


def test_the_page_may_ask_them_and_nobody_else(on_basemaps, tiles):
    policy = dict(part.strip().split(" ", 1) for part in requests.get(on_basemaps.base + "/").headers["Content-Security-Policy"].split(";"))
    assert policy["connect-src"] == f"'self' {tiles}" and policy["img-src"] == f"'self' data: blob: {tiles}"
    assert policy["default-src"] == "'self'" and [k for k, v in policy.items() if tiles in v] == ["img-src", "connect-src"]


def test_a_grid_in_degrees_does_not_start():
    done = subprocess.run([BINARY, "serve", "--database", "dbname=none", "--set", "map.basemaps=name=天地图; crs=EPSG:3857; url=https://t.example.cn/vec_c/wmts?TILEMATRIXSET=c&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "vec_c in its url, which is a grid in degrees" in done.stderr and "vec_w with TILEMATRIXSET=w" in done.stderr


def test_in_the_browser(on_basemaps, tiles):
    environment = {**os.environ, "GRIDWARD": on_basemaps.base, "PASSWORDS": json.dumps(on_basemaps.passwords), "PICTURES": os.environ.get("TEST_PICTURES", ""), "TILES": tiles}
    done = subprocess.run(["node", "--test", "e2e/basemaps.own.mjs"], cwd=ROOT / "web", env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
