"""Rules of the layout."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
ALLOWED = {"base": {"base"}, "geo": {"base", "geo"}, "stats": {"base", "stats"}, "domain": {"base", "geo", "stats", "domain"},
           "map": {"base", "geo", "stats", "domain", "map"},
           "storage": {"base", "geo", "stats", "domain", "storage"},
           "service": {"base", "geo", "stats", "domain", "map", "storage", "service"},
           "http": {"base", "geo", "stats", "domain", "map", "storage", "service", "http"},
           "app": {"base", "geo", "stats", "domain", "map", "storage", "service", "http", "app"}}
OWNER = {"pqxx/": "storage", "gdal": "geo", "geos": "geo", "ogr": "geo", "cpl_": "geo", "proj": "geo", "xlsxwriter": "geo", "cairo": "geo", "pango": "geo", "valijson/": "http", "pistache/": "http", "curl/": "http", "prometheus/": "app", "spdlog/": "app"}


def test_includes_point_left():
    for path in (ROOT / "src").rglob("*.[ch]*"):
        layer = path.relative_to(ROOT / "src").parts[0]
        if layer not in ALLOWED:
            continue
        text = path.read_text()
        for other in re.findall(r'#include "(\w+)/', text):
            assert other in ALLOWED[layer], f"{path} includes {other}/"
        for header in re.findall(r"#include <([^>]+)>", text):
            for prefix, owner in OWNER.items():
                assert not header.startswith(prefix) or layer == owner, f"{path} includes {header}"


def test_no_source_is_longer_than_400_lines():
    for folder, pattern in (("src", "*.cpp"), ("src", "*.h"), ("sql", "*.sql")):
        for path in (ROOT / folder).rglob(pattern):
            assert len(path.read_text().splitlines()) <= 400, path


def test_every_query_says_what_it_returns():
    for path in (ROOT / "sql").rglob("*.sql"):
        assert path.read_text().startswith("--"), path


def test_the_library_finds_our_repair():
    """http/pistache.cpp mends a function of Pistache by defining it: the library calls the program's if it is in its table of dynamic symbols."""
    symbols = subprocess.run(["nm", "-D", "--defined-only", ROOT / "build/release/gridward"], capture_output=True, text=True, check=True).stdout
    assert "_ZN8Pistache3Tcp9Transport15handlePeerQueueEv" in symbols
