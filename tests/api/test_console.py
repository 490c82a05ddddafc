"""The program as an operator meets it: help, settings, accounts, progress, and what it says when something is wrong."""
import os
import pty
import re
import socket
import subprocess
import time

import pytest
import requests

from harness import BINARY, ROOT

COMMANDS = ["demo", "serve", "migrate", "import", "export", "simulate", "check", "user", "backup", "restore", "dump-config"]


def run(*arguments, **options):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)


def refusal(*arguments, **options):
    done = run(*arguments, **options)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("gridward: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def psql(database, query):
    return subprocess.run(["psql", database, "-XqAtc", query], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def another(server):
    """An empty database of the same cluster, with the extensions; its connection strings for owner and app."""
    owner = server.database.replace("gridward_app", "postgres")
    psql(owner, "create database another")
    owner = owner.replace("dbname=gridward", "dbname=another")
    psql(owner, "create extension postgis; create extension btree_gist; create extension pg_trgm")
    yield owner, owner.replace("user=postgres", "user=gridward_app")
    psql(server.database.replace("gridward_app", "postgres"), "drop database another with (force)")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_with_an_example(command):
    text = run(command, "--help").stdout
    assert "Example" in text and f"gridward {command} " in text + " ", text
    assert run("--help").stdout.count(f"\n  {command} ") == 1


def test_no_command_is_left_out_of_the_tests():
    listed = re.findall(r"^  ([a-z-]+) +[A-Z]", run("--help").stdout.split("Subcommands:")[1], re.M)
    assert sorted(listed) == sorted(COMMANDS)


def test_settings_come_from_file_variable_and_flag(tmp_path):
    (tmp_path / "a.toml").write_text("[http]\nport = 8090\nworkers = 3\nqueue = 5\n")
    text = run("dump-config", "--config", tmp_path / "a.toml", "--set", "http.queue=7", env={"GRIDWARD_HTTP_WORKERS": "4", "GRIDWARD_DATABASE_PASSWORD": "hush"}).stdout
    for line in (f"port = 8090  # {tmp_path}/a.toml, line 2", "workers = 4  # GRIDWARD_HTTP_WORKERS", "queue = 7  # --set", 'address = "127.0.0.1"  # default', 'password = "***"  # GRIDWARD_DATABASE_PASSWORD'):
        assert line in text
    assert "hush" not in text
    assert "GRIDWARD_HTTP_PORT" in refusal("dump-config", env={"GRIDWARD_HTTP_PROT": "1"})
    assert "http.public = true" in refusal("serve", "--database", "dbname=x", "--address", "0.0.0.0")


def test_a_database_that_is_not_there_is_explained():
    text = refusal("serve", "--database", "host=/nonexistent dbname=gridward user=gridward_app")
    assert "cannot be reached" in text and "/nonexistent" in text and "database.connection" in text
    assert "Which database?" in refusal("check")
    assert "invalid connection option" in refusal("user", "list", "--database", "hots=x")


def test_a_database_host_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes the connection, and nobody ever says anything on it
        began = time.monotonic()
        text = refusal("serve", "--database", f"host=127.0.0.1 port={silent.getsockname()[1]} dbname=gridward user=gridward_app")
        assert time.monotonic() - began < 30 and "cannot be reached" in text and "timeout expired" in text


def test_serve_refuses_the_schema_of_another_version(another):
    owner, app = another
    assert "run `gridward migrate`" in refusal("serve", "--database", owner, "--port", "0")  # nothing there yet
    assert run("migrate", "--database", owner).returncode == 0
    psql(owner, "update meta set value = 'of 0.1.0' where key = 'schema'")
    for command in (["serve", "--port", "0"], ["check"], ["user", "list"], ["export", "--cell", "1", "x.csv"]):
        assert "another version of Gridward: run `gridward migrate`" in refusal(*command, "--database", app)
    assert run("migrate", "--database", owner).returncode == 0
    assert run("user", "list", "--database", app).returncode == 0
    psql(owner, "insert into migration values ('9999_future')")
    assert "newer Gridward (it has 9999_future)" in refusal("serve", "--database", app)


def test_migrate_says_what_is_missing(server):
    owner = server.database.replace("gridward_app", "postgres")
    psql(owner, "create database bare owner gridward_owner")
    try:
        bare = owner.replace("dbname=gridward", "dbname=bare").replace("user=postgres", "user=gridward_owner")
        assert "create extension postgis; create extension btree_gist" in refusal("migrate", "--database", bare)
        assert "The database refuses" in refusal("migrate", "--database", server.database)  # the app's role may not
    finally:
        psql(owner, "drop database bare")


def test_a_taken_port_is_named_with_a_way_out(server):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        text = refusal("serve", "--database", server.database, "--demo-database", "--port", port)
        assert f"Port {port} of 127.0.0.1" in text and "--port" in text and "http.port" in text


def test_a_data_folder_has_one_demo_at_a_time(server):
    text = refusal("demo", "--data", server.folder, "--port", "0")
    assert f"in use by another demo, process {server.process.pid}" in text and "--data" in text


def test_no_permission_and_a_full_disk_are_told(server, tmp_path):
    assert "--data" in refusal("demo", "--data", "/proc/gridward")
    full = tmp_path / "full.csv"
    full.symlink_to("/dev/full")
    assert "No space left on device" in refusal("export", "--database", server.database, "--cell", "code:chicago:32", full)
    (tmp_path / "district-001").mkdir()
    (tmp_path / "district-001/visits.csv").symlink_to("/dev/full")
    done = run("simulate", tmp_path, "--enterprises", "500")
    assert done.returncode == 1 and "visits.csv cannot be written: No space left on device" in done.stderr
    with open("/dev/full", "w") as out:
        done = subprocess.run([BINARY, "dump-config"], stdout=out, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "No space left" in done.stderr


def test_accounts_are_kept_from_the_console(server):
    user = lambda verb, *rest: run("user", verb, *rest, "--database", server.database)
    district = str(server.district())
    name, password = user("add", "wang", "--role", "viewer", "--district", district).stdout.split()
    assert name == "wang" and len(password) >= 20
    sign_in = lambda p: requests.post(server.base + "/api/v1/sessions", json={"username": "wang", "password": p})
    token = sign_in(password).json()["token"]
    me = lambda: requests.get(server.base + "/api/v1/me", headers={"Authorization": "Bearer " + token})
    assert [g["role"] for g in me().json()["grants"]] == ["viewer"]
    assert user("grant", "wang", "--role", "officer", "--district", district).returncode == 0
    assert f"wang: officer of district {district}; viewer of district {district}\n" in user("list").stdout
    assert user("disable", "wang").returncode == 0
    time.sleep(1.1)  # a session is known for a second
    assert me().status_code == 401 and sign_in(password).status_code == 401
    assert "wang: officer" in user("list").stdout and ", disabled" in user("list").stdout
    assert user("enable", "wang").returncode == 0 and sign_in(password).status_code == 201
    fresh = user("password", "wang").stdout.split()[1]
    assert sign_in(password).status_code == 401 and sign_in(fresh).status_code == 201
    assert "is an account wang already" in refusal("user", "add", "wang", "--database", server.database)
    assert "gridward user list" in refusal("user", "disable", "nobody", "--database", server.database)
    trail = psql(server.database, "select action, after from audit where actor = 'console' and entity = 'account' order by id")
    assert trail.startswith("create|") and trail.count("change|") >= 4 and password not in trail and fresh not in trail


def on_a_terminal(*arguments):
    """What a program writes to a terminal, and its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(BINARY, ["gridward", *map(str, arguments)])
    written = b""
    try:
        while piece := os.read(terminal, 65536):
            written += piece
    except OSError:  # the end, on Linux
        pass
    return written.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(server, tmp_path):
    text, code = on_a_terminal("simulate", tmp_path / "a", "--districts", "4", "--enterprises", "20000")
    assert code == 0 and "\r\x1b[K[" in text and re.search(r"\[#+\.+\] simulating \d/4 district-00\d", text), repr(text)
    assert text.rstrip().endswith("\x1b[KWritten: import each folder's recipe.toml.")  # the bar is gone
    done = run("simulate", tmp_path / "b", "--districts", "2", "--enterprises", "100")
    assert done.returncode == 0 and done.stderr.startswith("simulating 1/2 district-001\n") and "\x1b" not in done.stderr + done.stdout


def test_an_import_shows_its_progress(server, tmp_path):
    assert run("simulate", tmp_path, "--seed", "5").returncode == 0
    recipe = tmp_path / "district-001/recipe.toml"
    recipe.write_text(recipe.read_text().replace("sim-990101", "sim-test"))
    ask = ["import", "--dry-run", "--database", server.database, recipe]
    text, code = on_a_terminal(*ask)
    assert code == 0 and re.search(r"\[#+\.+\] importing \d+/13 \S+\.csv: (reading|merging)", text), repr(text[-2000:])
    done = run(*ask)
    assert done.returncode == 0 and done.stderr.startswith("importing 1/13 district: reading\n") and "Dry run" in done.stderr and "\r" not in done.stderr


def test_every_setting_is_explained_and_used():
    section, settings = "", []
    for line in (ROOT / "config/default.toml").read_text().splitlines():
        if found := re.match(r"\[(\w+)\]$", line):
            section = found[1]
        elif line and not line.startswith("#"):
            name, comment = re.match(r"(\w+) = .*?  +# (.{10,})", line).groups()
            settings.append(f"{section}.{name}")
    dumped = run("dump-config", env={}).stdout
    assert [s.split(".")[1] for s in settings] == re.findall(r"^(\w+) = ", dumped, re.M)
    reader = (ROOT / "src/app/config.cpp").read_text()
    unread = [s for s in settings if f'"{s}"' not in re.sub(r"constexpr Range ranges.*?};", "", reader, flags=re.S) and not s.endswith((".address", ".port", ".public"))]
    assert unread == [], "in default.toml, and read by nothing"
    structs = re.findall(r"struct (\w+) \{(.*?)\n\};", (ROOT / "src/app/config.h").read_text(), re.S)
    fields = {name for _, body in structs for line in body.splitlines() if (found := re.match(r"  [\w:<>]+ ([\w, ]+);", line)) for name in found[1].split(", ")}
    assert len(fields) >= len(structs) + 10
    users = "".join(p.read_text() for p in (ROOT / "src/app").glob("*.cpp") if p.name != "config.cpp") + reader.split("DatabaseConfig::url()")[1]
    assert [f for f in sorted(fields) if not re.search(rf"\b{f}\b", users)] == [], "read, and used by nothing"
