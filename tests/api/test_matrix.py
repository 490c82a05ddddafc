"""Every route with every role, and every route that names a cell inside and outside the caller's subtree."""
import re

import pytest

from contract import DOCUMENT
from test_rights import make

ROLES = ["viewer", "leader", "coordinator", "approver", "officer", "auditor", "admin"]
ROUTES = [(method.upper(), path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items() if not operation.get("x-public")]
NEEDED = {"measures": "hazard_density", "measure": "hazard_density", "level": "village", "from": "2014-01-01", "to": "2015-01-01", "kind": "hazard", "name": "a", "lon": "-87.63", "lat": "41.88", "reason": "r", "year": "2014", "month": "6",
          "event": "00000000-0000-4000-8000-000000000000"}


def fill(path, cell):
    path = path.replace("{layer}", "towns").replace("{z}/{x}/{y}", "0/0/0")
    return path.replace("{cell}", cell).replace("{id}", "00000000-0000-4000-8000-000000000000" if not re.search("users|tokens|webhooks|people|assignments|enterprises|certificates|exemptions|contact-points|entrustments|overlays|overlay-areas|overlay-holders|visit-rules|figure-weights|score-rules|score-floors", path) else "999999999")


def parameters(operation):
    for p in operation.get("parameters", []):
        yield DOCUMENT["components"]["parameters"][p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p


@pytest.fixture(scope="module")
def people(server):
    loop = server.session("leader").get(server.base + "/api/v1/cells/code:chicago:32").json()["id"]
    return {role: make(server, "matrix-" + role, role, district=server.district(), cell=loop) for role in ROLES}


@pytest.fixture(scope="module")
def overlay(server):
    """One without areas, whose figures can be asked for."""
    made = server.session("coordinator").post(server.base + "/api/v1/overlays", json={"district": server.district(), "code": "matrix", "name": "片区", "kind": "派出所", "from": "2010-01-01"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_contract_says_and_no_more(server, people, role):
    for method, path, operation in ROUTES:
        if operation["operationId"] == "SignOut":
            continue
        answer = people[role].request(method, server.base + fill(path, "code:chicago:32"), json={} if "requestBody" in operation else None, headers={"If-Match": "*"},
                                      stream="text/event-stream" in operation["responses"].get("200", {}).get("content", {}))  # an answer that does not end
        refused = answer.status_code == 403 and "None of your roles may do this" in answer.text
        assert refused == (role not in operation["x-roles"]), f"{role}: {method} {path} {answer.status_code}"
        answer.close()


@pytest.mark.parametrize("role", ROLES)
def test_no_read_reaches_outside_the_subtree(server, people, overlay, role):
    tried = 0
    for method, path, operation in ROUTES:
        if method != "GET" or role not in operation["x-roles"]:
            continue
        names = {p["name"]: p for p in parameters(operation)}
        for name in {"cell", "within", "parent"} & set(names):
            ask = {k: v for k, v in NEEDED.items() if k in names and (names[k].get("required") or k in ("from", "to", "measure", "measures", "level") and ("heatmap" in path or path.endswith(("figures", "hotspots", "key-regions", "maps"))) or k == "month")}
            for code, outside in (("32", False), ("33", True), ("chicago", True)):
                cell = f"code:chicago:{code}"
                query = ask if "{cell}" in path and name == "cell" else {**ask, name: cell}
                answer = people[role].get(server.base + fill(path.replace("overlays/{id}", "overlays/" + overlay), cell if name == "cell" else "code:chicago:32"), params=query)
                assert answer.status_code == (403 if outside else 200), f"{role}: {path} {name}={cell}: {answer.status_code} {answer.text[:200]}"
                tried += 1
    assert tried > 20 or role == "admin"


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_taken_out_from_outside_the_subtree(server, people, role):
    for what in ("cells", "enterprises", "hazards"):
        for code, outside in (("32", False), ("33", True), ("chicago", True)):
            answer = people[role].post(server.base + "/api/v1/exports", json={"what": what, "format": "csv", "cell": f"code:chicago:{code}", "from": "2014-01-01", "to": "2014-02-01"})
            assert answer.status_code == (403 if outside or role == "admin" else 200), f"{role}: {what} {code} {answer.status_code}"
