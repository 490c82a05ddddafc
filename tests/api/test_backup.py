"""A backup comes back whole: the counts agree and the figures are the same."""
import subprocess

from harness import ROOT

BINARY = ROOT / "build/release/gridward"


def test_a_backup_restores_into_an_empty_database(server, tmp_path):
    owner = server.database.replace("user=gridward_app", "user=postgres")
    backup = tmp_path / "day.dump"
    assert subprocess.run([BINARY, "backup", "--database", owner, backup]).returncode == 0 and backup.stat().st_size > 1_000_000
    psql = lambda database, query: subprocess.run(["psql", database, "-XqAtc", query], capture_output=True, text=True, check=True).stdout
    psql(owner, "create database restored")
    restored = owner.replace("dbname=gridward", "dbname=restored")
    done = subprocess.run([BINARY, "restore", "--database", restored, backup], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    count = "select (select count(*) from hazard), (select count(*) from cell), (select sum(before) from tally), (select count(*) from audit)"
    assert psql(owner, count) == psql(restored, count)
    checked = subprocess.run([BINARY, "check", "figures", "--database", restored], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert subprocess.run([BINARY, "restore", "--database", restored, backup], capture_output=True).returncode != 0  # not empty: nothing is done
    psql(owner, "drop database restored")
