"""What accounts on a part of the tree see and do."""
import subprocess

import pytest

from harness import BINARY

YEAR = {"from": "2014-01-01", "to": "2015-01-01", "level": "village", "measures": "hazard_density"}


def make(server, name, role, **where):
    arguments = [name, "--role", role, "--database", server.database]
    for key, value in where.items():
        arguments += [f"--{key}", str(value)]
    done = subprocess.run([BINARY, "user", "grant" if name in server.passwords else "add", *arguments], capture_output=True, text=True, check=True)
    if done.stdout:
        server.passwords[name] = done.stdout.split()[1]
    return server.session(name)


@pytest.fixture(scope="module")
def towns(server):
    leader = server.session("leader")
    return {code: leader.get(server.base + f"/api/v1/cells/code:chicago:{code}").json()["id"] for code in ("32", "33", "chicago")}


@pytest.mark.parametrize("role", ["viewer", "leader", "coordinator", "approver", "officer", "auditor", "admin"])
def test_each_role_inside_and_outside_its_subtree(server, towns, role):
    me = make(server, "loop-" + role, role, district=server.district(), cell=towns["32"])
    inside = 403 if role == "admin" else 200
    for path in ("/api/v1/figures?within={}&" + "&".join(f"{k}={v}" for k, v in YEAR.items()), "/api/v1/cells/{}", "/api/v1/hazards?cell={}",
                 "/api/v1/cells?within={}&limit=1"):
        assert me.get(server.base + path.format(towns["32"])).status_code == inside, path
        assert me.get(server.base + path.format(towns["33"])).status_code == 403, path
        assert me.get(server.base + path.format(towns["chicago"])).status_code == 403, path
    listed = me.get(server.base + "/api/v1/cells", params={"level": "town", "limit": 1000})
    if role != "admin":
        assert [c["code"] for c in listed.json()["items"]] == ["32"]
    assert me.get(server.base + "/api/v1/locate?lon=-87.63&lat=41.88").status_code == inside
    assert me.get(server.base + "/api/v1/locate?lon=-87.70&lat=41.80").status_code == 403
    assert me.get(server.base + f"/api/v1/hazards?district={server.district()}").status_code == 403
    writes = role in ("officer", "coordinator")
    for n, (lon, lat) in enumerate([(-87.63, 41.88), (-87.70, 41.80)]):
        hazard = {"id": f"00000000-0000-4000-8000-{ord(role[0]):06x}{ord(role[-1]):05x}{n}", "district": server.district(), "day": "2017-01-01",
                  "source": "patrol", "grade": "general", "lon": lon, "lat": lat}
        expected = 201 if writes and n == 0 else 403
        assert me.post(server.base + "/api/v1/hazards", json=hazard).status_code == expected


def test_no_tag_helps_outside_the_subtree(server, towns):
    me = make(server, "tagger", "viewer", district=server.district(), cell=towns["32"])
    url = server.base + f"/api/v1/cells/{towns['33']}"
    tag = server.session("leader").get(url).headers["ETag"]
    assert me.get(url, headers={"If-None-Match": tag}).status_code == 403


def test_a_role_in_one_area_gives_none_in_another(server, towns):
    make(server, "both", "viewer", district=server.district())
    me = make(server, "both", "officer", district=server.district(), cell=towns["32"])
    hazard = {"id": "11111111-0000-4000-8000-000000000001", "district": server.district(), "day": "2017-01-01", "source": "patrol", "grade": "general",
              "lon": -87.70, "lat": 41.80}
    assert me.post(server.base + "/api/v1/hazards", json=hazard).status_code == 403


def test_the_cookie_needs_its_csrf_token_and_ends(server):
    import requests
    s = requests.Session()
    signed = s.post(server.base + "/api/v1/sessions", json={"username": "leader", "password": server.passwords["leader"], "cookie": True})
    assert signed.json()["token"] is None and "HttpOnly" in signed.headers["Set-Cookie"]
    assert s.get(server.base + "/api/v1/me").status_code == 200
    assert s.delete(server.base + "/api/v1/sessions").status_code == 403
    assert s.delete(server.base + "/api/v1/sessions", headers={"X-CSRF-Token": signed.json()["csrf"]}).status_code == 204
    assert s.get(server.base + "/api/v1/me").status_code == 401
