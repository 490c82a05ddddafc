"""MapLibre GL in a browser takes every layer of tiles by its TileJSON, as any client would: through a proxy, on a page that is not ours."""
import http.server
import json
import threading
import urllib.error
import urllib.request

import pytest
import shapely.geometry
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from harness import ROOT

DIST = ROOT / "web/node_modules/maplibre-gl/dist"
WINDOW = "from=2024-06-01&to=2025-06-01"
LAYERS = {"districts": "", "towns": f"measures=hazard_density&{WINDOW}", "villages": "", "risk": f"level=village&{WINDOW}", "hotspots": f"measure=hazards_per_enterprise&permutations=99&{WINDOW}",
          "key-regions": f"level=town&{WINDOW}", "adjacency": "", "enterprises": "", "hazards": WINDOW, "inspections": WINDOW}
KINDS = {"adjacency": "line", "enterprises": "circle", "hazards": "circle", "inspections": "circle"}
PAGE = """<!doctype html><meta charset="utf-8"><style>html, body, #map { height: 100%; margin: 0 }</style><div id="map"></div><script type="module">
import * as maplibregl from '/maplibre-gl.mjs';
maplibregl.setWorkerUrl('/maplibre-gl-worker.mjs');
window.errors = [];
const sources = {}, layers = [];
for (const [name, query, kind] of LAYERS) {
  sources[name] = { type: 'vector', url: `${location.origin}/tiles/${name}.json${query ? '?' + query : ''}` };
  layers.push({ id: name, type: kind, source: name, 'source-layer': name });
}
window.map = new maplibregl.Map({ container: 'map', style: { version: 8, sources, layers }, center: CENTRE, zoom: 10, fadeDuration: 0 });
map.on('error', (e) => errors.push(String(e.error?.message ?? e)));
window.look = (zoom, centre) => { window.seen = null; map.jumpTo({ zoom, center: centre }); map.once('idle', () => {
  window.seen = Object.fromEntries(LAYERS.map(([name]) => [name, map.queryRenderedFeatures({ layers: [name] }).map((f) => ({ id: f.id ?? null, ...f.properties }))])); }); map.triggerRepaint(); };
map.once('idle', () => { window.ready = true; });
</script>"""


class Proxy(http.server.BaseHTTPRequestHandler):
    """The page, MapLibre's own files, and the server's tiles with someone's token."""

    def do_GET(self):
        body, status, kind = b"", 200, "text/html"
        if self.path == "/":
            body = self.server.page.encode()
        elif self.path.endswith(".mjs"):
            body, kind = (DIST / self.path[1:]).read_bytes(), "text/javascript"
        else:
            asked = urllib.request.Request(self.server.behind.base + self.path, headers={"Authorization": self.server.token, "Host": self.headers["Host"]})
            try:
                with urllib.request.urlopen(asked) as answer:
                    body, status, kind = answer.read(), answer.status, answer.headers.get("Content-Type", "")
            except urllib.error.HTTPError as refused:
                body, status, kind = refused.read(), refused.code, "text/plain"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,900", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    yield driver
    driver.quit()


@pytest.fixture
def site(server):
    """The address of the proxy's page, and the district's centre."""
    session = server.session("leader")
    bounds = session.get(server.base + "/tiles/villages.json").json()["districts"]
    district = next(d for d in session.get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == "sim-990101")
    assert district["id"] in {d["id"] for d in bounds}
    shape = shapely.geometry.shape(session.get(server.base + f"/api/v1/cells/{district['cell']}", params={"format": "geojson"}).json()["geometry"])
    centre = [shape.envelope.centroid.x, shape.envelope.centroid.y]
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    proxy.behind, proxy.token = server, session.headers["Authorization"]
    proxy.page = PAGE.replace("CENTRE", json.dumps(centre)).replace("LAYERS", json.dumps([[name, query, KINDS.get(name, "fill")] for name, query in LAYERS.items()]))
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{proxy.server_address[1]}/", centre, session
    proxy.shutdown()


def test_maplibre_draws_every_layer(server, site, browser):
    address, centre, session = site
    browser.get(address)
    wait = WebDriverWait(browser, 120)
    wait.until(lambda b: b.execute_script("return window.ready"))

    def look(zoom, at):
        browser.execute_script("look(arguments[0], arguments[1])", zoom, at)
        return wait.until(lambda b: b.execute_script("return window.seen"))

    seen = look(10, centre)
    assert browser.execute_script("return window.errors") == []
    for layer, features in seen.items():
        assert features, layer
    assert {f["risk_letter"] for f in seen["risk"] if "risk_letter" in f} <= set("ROYB") and {f["list"] for f in seen["key-regions"]} <= {"ranked", "insufficient"}
    assert {f["kind"] for f in seen["adjacency"]} == {"border", "link"} and all("aggregated" in f for f in seen["hazards"])
    assert all(f["hazard_density_n"] >= 0 for f in seen["towns"])
    # Deep in: overzoom, and the village at a place is the one that the server finds there.
    inside = [centre[0] + 0.004, centre[1] + 0.004]  # the centre is on a border, which a tile gives to both sides
    for zoom in (15, 19):
        seen = look(zoom, inside)
        there = session.get(server.base + "/api/v1/locate", params={"lon": inside[0], "lat": inside[1], "at": "2025-05-31"}).json()
        names = browser.execute_script("return map.queryRenderedFeatures(map.project(arguments[0]), { layers: ['villages'] }).map((f) => f.properties.name)", inside)
        assert names and set(names) <= {link["cell"]["name"] for link in there["chain"]}, (names, there)
    assert browser.execute_script("return window.errors") == []
    assert [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING") and "favicon" not in e["message"]] == []
