"""A backup comes back whole: the counts agree and the figures are the same."""
import re
import subprocess
import time

from harness import BINARY, ROOT


def test_production_begins_as_the_readme_says(server):
    """The README's commands for a database of one's own, run as they stand but for host and name."""
    section = (ROOT / "README.md").read_text().split("## In production")[1].split("\n## ")[0]
    socket = server.database.split()[0]
    lines = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    asked = [re.sub(r"^sudo -u \w+ ", "", line) for line in lines if line.startswith("sudo -u ")]  # the others install files and users
    assert len(asked) == 5 and len(lines) == 13
    script = "\n".join(asked).replace("host=/run/postgresql", socket).replace("dbname=gridward", "dbname=fresh").replace("-O gridward_owner gridward", "-O gridward_owner fresh").replace("-d gridward", "-d fresh")
    script = re.sub(r"^gridward ", f"{BINARY} ", script, flags=re.M)
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, cwd=ROOT, env={"PATH": "/usr/bin:/bin", "PGHOST": socket.removeprefix("host="), "PGUSER": "postgres"})
    assert done.returncode == 0 and "boss " in done.stdout, done.stdout + done.stderr
    app = server.database.replace("dbname=gridward", "dbname=fresh")
    refused = subprocess.run(["psql", app, "-c", "drop table hazard"], capture_output=True, text=True)
    assert refused.returncode != 0 and "must be owner" in refused.stderr
    subprocess.run(["psql", server.database.replace("gridward_app", "postgres"), "-qc", "drop database fresh"], check=True)


def outlives_its_cluster(database, psql):
    """In another cluster transactions may have far lower numbers than the rows that were restored tell: what waits is sealed all the same, and so is what comes."""
    psql(database, """update visit_year set tx = '900000001';
                      insert into audit (district_id, actor, action, entity, entity_id, tx) values (1, 'test', 'create', 'x', 'old', '900000001');
                      update audit_seal set below = '900000002' where n = (select max(n) from audit_seal)""")
    assert subprocess.run([BINARY, "migrate", "--database", database], capture_output=True).returncode == 0
    psql(database, "insert into audit (district_id, actor, action, entity, entity_id) values (1, 'test', 'create', 'x', 'new')")
    sealed = 0
    for _ in range(50):  # as soon as nothing that began before is under way, in any database of the cluster
        sealed += int(psql(database, "select audit_seal_up()"))
        if sealed:
            break
        time.sleep(0.1)
    assert sealed == 1
    assert psql(database, "select count(*) from audit a where not exists (select from audit_seal s where s.audit_id = a.id)") == "0\n"
    assert psql(database, "select count(*) from visit_year where tx >= pg_snapshot_xmin(pg_current_snapshot())") == "0\n"
    checked = subprocess.run([BINARY, "check", "audit", "--database", database], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    psql(database, "delete from audit where entity_id = 'new' and actor = 'test'")
    assert subprocess.run([BINARY, "check", "audit", "--database", database], capture_output=True).returncode == 1
    psql(database, "delete from audit_seal where n = (select max(n) from audit_seal); delete from audit where entity_id = 'old' and actor = 'test'; delete from audit_seal where n = (select max(n) from audit_seal)")


def test_a_backup_restores_into_an_empty_database(server, tmp_path):
    owner = server.database.replace("user=gridward_app", "user=postgres")
    backup = tmp_path / "day.dump"
    assert subprocess.run([BINARY, "backup", "--database", owner, backup]).returncode == 0 and backup.stat().st_size > 1_000_000
    assert backup.stat().st_mode & 0o077 == 0  # for its owner alone
    psql = lambda database, query: subprocess.run(["psql", database, "-XqAtc", query], capture_output=True, text=True, check=True).stdout
    psql(owner, "create database restored")
    restored = owner.replace("dbname=gridward", "dbname=restored")
    done = subprocess.run([BINARY, "restore", "--database", restored, backup], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr.startswith("restoring 1/") and "error" not in done.stderr, done.stderr
    count = "select (select count(*) from hazard), (select count(*) from cell), (select sum(before) from tally), (select count(*) from audit)"
    assert psql(owner, count) == psql(restored, count)
    checked = subprocess.run([BINARY, "check", "figures", "--database", restored], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    outlives_its_cluster(restored, psql)
    again = subprocess.run([BINARY, "restore", "--database", restored, backup], capture_output=True, text=True)  # not empty: nothing is done
    assert again.returncode == 1 and "already exists" in again.stderr and "Nothing was restored" in again.stderr, again.stderr
    # In production: by the owner, who is no superuser, into a database whose extensions are there; the servers' role then reads it.
    psql(owner, "create database owned owner gridward_owner")
    owned = restored.replace("dbname=restored", "dbname=owned")
    psql(owned, "create extension postgis; create extension btree_gist; create extension pg_trgm")
    as_owner, as_app = owned.replace("user=postgres", "user=gridward_owner"), owned.replace("user=postgres", "user=gridward_app")
    for command in (["restore", "--database", as_owner, backup], ["migrate", "--database", as_owner], ["check", "figures", "--database", as_app]):
        done = subprocess.run([BINARY, *command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert psql(owner, count) == psql(as_app, count)
    psql(owner, "drop database owned")
    junk = tmp_path / "junk"
    junk.write_text("no backup")
    assert "is not a backup" in subprocess.run([BINARY, "restore", "--database", restored, junk], capture_output=True, text=True).stderr
    psql(owner, "drop database restored")


def test_a_demos_database_is_not_served_by_mistake(server):
    refused = subprocess.run([BINARY, "serve", "--database", server.database, "--port", "0"], capture_output=True, text=True, timeout=30)
    assert refused.returncode == 1 and "database of a demo" in refused.stdout + refused.stderr
