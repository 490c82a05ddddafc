"""Rules of the layout."""
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
ALLOWED = {"base": {"base"}, "geo": {"base", "geo"}, "stats": {"base", "stats"}, "domain": {"base", "geo", "stats", "domain"},
           "map": {"base", "geo", "stats", "domain", "map"},
           "storage": {"base", "geo", "stats", "domain", "storage"},
           "service": {"base", "geo", "stats", "domain", "map", "storage", "service"},
           "http": {"base", "geo", "stats", "domain", "map", "storage", "service", "http"},
           "app": {"base", "geo", "stats", "domain", "map", "storage", "service", "http", "app"}}
OWNER = {"pqxx/": "storage", "gdal": "geo", "geos": "geo", "ogr": "geo", "cpl_": "geo", "proj": "geo", "xlsxwriter": "geo", "valijson/": "http", "pistache/": "http"}


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
