"""A village with many events is merged into its neighbour, so that what is stamped with it stands elsewhere on the map of today: seconds of requests that ask by that map, at 1, 10 and 100 times
the events. Each is asked after a hazard was corrected and folded, for a window of its own, so that nothing is answered from a cache. What is kept is then counted anew from the events."""
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

from importing import ROOT
from plans import District, psql

SCALES = (1, 10, 100)
EVENTS = 3_300  # at scale 1, over four villages
ASKED = ("hazard_density,open_hazard_density,overdue_hazards", "rectification_rate", "time_to_rectify", "recurrence_90d", "reports/hazards")


def ask(land, measures):
    """Seconds of one request by the map of today, after a correction."""
    psql(land.server, f"""select event_correct('hazard', {land.id}, (select id from hazard where district_id = {land.id} and closed_on is not null and upper_inf(recorded) limit 1), '*',
                          jsonb_build_object('closed_on', date '2025-12-01' + (random() * 20)::int), 'bench', null, null); select fold({land.id}); select pg_notify('gridward_version', '')""")
    query = {"within": land.code("D"), "mode": "as_is", "level": "village"}
    if measures == "reports/hazards":
        path, query = measures, {**query, "year": 2024, "month": random.randint(1, 12), "by": "area"}
    else:
        path, query = "figures", {**query, "measures": measures, "from": f"2022-{random.randint(1, 12):02}-{random.randint(1, 28):02}", "to": f"2025-{random.randint(1, 12):02}-{random.randint(1, 28):02}"}
    began = time.perf_counter()
    answer = land.leader.get(f"{land.server.base}/api/v1/{path}", params=query)
    took = time.perf_counter() - began
    assert answer.status_code == 200, answer.text
    return took


def section(server, rounds):
    lands = {}
    for scale in SCALES:
        with tempfile.TemporaryDirectory() as folder:
            lands[scale] = land = District(server, pathlib.Path(folder), f"elsewhere-{scale}", scale, 122.0 + scale / 100, towns=1, rows=2, enterprises=400, events=EVENTS * scale)
        land.carry({"kind": "merge", "sources": [land.code("V00"), land.code("V01")], "into": {"code": "V0M", "name": "合并村"}})
        # Those of an enterprise can come again.
        psql(server, f"update hazard set category = '消防' where district_id = {land.id}; select tally_rebuild({land.id})")
        psql(server, f"select fold({land.id}); analyze")
    moved = {scale: int(psql(server, f"select count(*) from event_move where district_id = {land.id} and upper_inf(recorded)")) for scale, land in lands.items()}
    out = {}
    for measures in ASKED:
        seen = {scale: [] for scale in SCALES}
        for _ in range(3 * rounds):
            for scale, land in lands.items():
                seen[scale].append(ask(land, measures))
        out[measures] = {f"{moved[scale]} events stand elsewhere, s": statistics.median(values) for scale, values in seen.items()}
    checked = subprocess.run([ROOT / "build/release/gridward", "check", "figures", "--database", server.database], capture_output=True, text=True).stdout
    for scale, land in lands.items():
        assert f"district {land.id} (elsewhere-{scale}): 0 counts differ from the events" in checked, checked
    return out
