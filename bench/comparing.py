"""Figures before and after a plan that moves fifty villages, beside the same figures without a plan, over a year of events: milliseconds of one client, each request of
another window. Of the plan, what a first comparison takes too, which carries it out, and its validation beside that of the map as it is."""
import statistics

VILLAGES = 50
MEASURES = {"one measure": "hazard_density", "five measures": "hazard_density,open_hazard_density,inspection_coverage,inspection_visits,patrol_coverage"}
DISTRICTS = {"chicago": "chicago", "sim-990101": "990101000000"}


def moves(me, base, cell):
    """Operations that give villages to the town of a village beside them."""
    rows = me.get(base + "/api/v1/cells", params={"within": cell, "level": "village", "limit": 1000}).json()["items"]
    towns = sorted({r["parent"] for r in rows if r["parent"]})
    return [{"kind": "move_cell", "cell": str(r["id"]), "parent": str(towns[(towns.index(r["parent"]) + 1) % len(towns)])} for r in rows[::max(1, len(rows) // VILLAGES)]][:VILLAGES]


def timed(ask):
    answer = ask()
    assert answer.ok, answer.text
    return 1000 * answer.elapsed.total_seconds()  # to its head: what tests check of an answer is not the server's time


def validated(me, base, cell, plan, rounds):
    """Milliseconds of findings that are not kept (each of other days of certificates), and of the plan's validation."""
    findings = lambda n: timed(lambda: me.get(base + "/api/v1/findings", params={"within": cell, "limit": 1, "certificate_days": 40 + n}))
    plans = lambda: timed(lambda: me.post(f"{base}/api/v1/reassignments/{plan}/validate"))
    # More often than a connection asks before PostgreSQL may take a plan for any values.
    seen = [(findings(n), plans()) for n in range(max(8, rounds))]
    return {"findings": statistics.median(s[0] for s in seen), "validate": statistics.median(s[1] for s in seen)}


def section(server, rounds):
    out = {}
    for scheme, code in DISTRICTS.items():
        me, cell = server.session("coordinator"), f"code:{scheme}:{code}"
        district = me.get(server.base + f"/api/v1/cells/{cell}").json()
        today = me.get(server.base + "/api/v1/districts").json()["items"][0]["today"]
        body = {"district": district["district"], "title": "五十村", "reason": "测速", "effective_on": today, "operations": moves(me, server.base, cell)}
        for name, measures in MEASURES.items():
            window = lambda n: {"from": f"2014-01-{1 + n % 28:02}", "to": f"2015-{1 + n // 28:02}-{1 + n % 28:02}"} if scheme == "chicago" else {"from": f"2025-01-{1 + n % 28:02}", "to": f"2026-{1 + n // 28:02}-{1 + n % 28:02}"}
            drafted = me.post(server.base + "/api/v1/reassignments", json=body)
            assert drafted.status_code == 201, drafted.text
            compare = lambda n: timed(lambda: me.post(f"{server.base}/api/v1/reassignments/{drafted.json()['id']}/compare", params={"level": "village", "measures": measures, **window(n)}))
            figures = lambda n: timed(lambda: me.get(server.base + "/api/v1/figures", params={"within": cell, "level": "village", "mode": "as_of", "as_of": today, "measures": measures, **window(n)}))
            figures(0)
            first = compare(0)
            seen = [(figures(n), compare(n)) for n in range(1, 1 + 4 * rounds)]
            unplanned, planned = (statistics.median(s[i] for s in seen) for i in (0, 1))
            out[f"compare of {len(body['operations'])} villages of {scheme}, {name}, ms"] = {"figures": unplanned, "compare": planned, "compare / figures": planned / unplanned, "the first one": first}
        out[f"validation of {scheme}, as it is and with the plan, ms"] = validated(me, server.base, cell, drafted.json()["id"], rounds)
    return out
