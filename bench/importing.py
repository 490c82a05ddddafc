"""The import of the Chicago sample beside what one would do by hand: `ogr2ogr` for the layers, COPY for the CSVs, both into staging
tables, then one set-based INSERT a table (bench/sql/import_plain.sql) into Gridward's own schema, with all of its indexes and
constraints. The plain side writes the same rows of the same tables, parses the same numbers and days, takes the first of repeated keys and
finds parents and enterprises by their codes. It does not check rows, does not find out in which cell a point lies (every enterprise and
event is given to the district), keeps no counts, no marks of visits and no trail, and compares nothing with what is known. Each side
begins with an empty migrated database; the time is that of all its programs, from their start to their end."""
import statistics
import subprocess
import time

ROOT = __import__("pathlib").Path(__file__).parents[1]
DATA = ROOT / "geodata/chicago"
LAYERS = {"community_area": "staged_town", "tract": "staged_village"}
TABLES = {"establishments": "staged_enterprise", "hazards": "staged_hazard", "inspections": "staged_inspection"}


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Databases:
    """Databases of their own on the cluster of a server, each made from a migrated template."""

    def __init__(self, server):
        self.owner = server.database.replace("gridward_app", "postgres")
        self.sql("postgres", "drop database if exists bench_template", "create database bench_template")
        run(ROOT / "build/release/gridward", "migrate", "--database", self.url("bench_template", "postgres"))

    def url(self, name, user="gridward_app"):
        return self.owner.replace("dbname=gridward", f"dbname={name}").replace("user=postgres", f"user={user}")

    def sql(self, name, *statements):
        return run("psql", self.url(name, "postgres"), "-XAtq", "-v", "ON_ERROR_STOP=1", *sum((["-c", s] for s in statements), []))

    def make(self, name, template="bench_template"):
        self.sql("postgres", f"drop database if exists {name}", f"create database {name} template {template}", "checkpoint")
        return name

    def drop(self, *names):
        self.sql("postgres", *(f"drop database if exists {name}" for name in (*names, "bench_template")))


def ours(databases):
    name = databases.make("bench_ours")
    began = time.time()
    run(ROOT / "build/release/gridward", "import", "--database", databases.url(name), DATA / "recipe.toml")
    return time.time() - began


def plain(databases):
    name = databases.make("bench_plain")
    url = databases.url(name, "postgres")
    began = time.time()
    for layer, table in LAYERS.items():
        run("ogr2ogr", "-f", "PostgreSQL", f"PG:{url}", DATA / "boundaries.gpkg", layer, "-nln", table, "-nlt", "MULTIPOLYGON", "-lco", "GEOMETRY_NAME=geom",
            "-lco", "SPATIAL_INDEX=NONE", "-lco", "LAUNDER=YES", "--config", "PG_USE_COPY", "YES")
    run("psql", url, "-Xq", "-1", "-v", "ON_ERROR_STOP=1", "-f", ROOT / "bench/sql/import_plain.sql", *sum((["-v", f"{name}={DATA}/{name}.csv.gz"] for name in TABLES), []))
    return time.time() - began


def same_rows(databases):
    """Both sides wrote as many rows; the district's own shape is made by ours only."""
    count = "select " + ", ".join(f"(select count(*) from {t})" for t in ("cell", "cell_life", "cell_code", "cell_name", "enterprise", "event_key", "hazard", "inspection"))
    counts = {name: databases.sql(name, count).strip() for name in ("bench_ours", "bench_plain")}
    assert counts["bench_ours"] == counts["bench_plain"], counts


def section(server, rounds):
    databases = Databases(server)
    seen = {"ours": [], "plain": []}
    try:
        for _ in range(rounds):
            seen["ours"].append(ours(databases))
            seen["plain"].append(plain(databases))
        same_rows(databases)
    finally:
        databases.drop("bench_ours", "bench_plain")
    pair = {name: statistics.median(values) for name, values in seen.items()}
    return {"import of Chicago, seconds": {**pair, "plain / ours": pair["plain"] / pair["ours"]}}
