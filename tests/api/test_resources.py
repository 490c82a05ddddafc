"""People, posts, enterprises, cells, events of all kinds, accounts and tokens, as their users would use them."""
import uuid

import pytest
import requests

import contract

API = "/api/v1"


@pytest.fixture(scope="module")
def office(server):
    """A coordinator, an officer and the district that they work in: one made by nobody else."""
    class Office:
        coordinator, officer, admin = server.session("coordinator"), server.session("officer"), server.session("admin")
        base = server.base + API
        district = next(d["id"] for d in coordinator.get(base + "/districts").json()["items"] if d["scheme"] == "chicago")
        loop = coordinator.get(base + "/cells/code:chicago:32").json()["id"]
    return Office


def test_people_hold_posts_one_at_a_time(office):
    c, base = office.coordinator, office.base
    def person(name, phone):
        made = c.post(base + "/people", json={"district": office.district, "name": name, "phone": phone})
        assert made.status_code == 201 and made.json()["phone"] == "138****0000"
        return made.json()["id"]
    li, wang = person("李安", "13800000000"), person("王平", "13800010000")
    head = {"cell": str(office.loop), "post": "town_head", "person": li, "from": "2020-01-01"}
    assert c.post(base + "/assignments", json={**head, "post": "safety_officer"}).status_code == 422
    assert c.post(base + "/assignments", json=head).status_code == 201
    assert c.post(base + "/assignments", json={**head, "person": wang, "from": "2022-01-01"}).status_code == 409
    assert c.post(base + "/assignments", json={**head, "person": wang, "from": "2022-01-01", "replace": True}).status_code == 201
    def holder(day, **more):
        chain = c.get(f"{base}/cells/{office.loop}/ancestors", params={"at": day, **more}).json()["chain"]
        return [(h["person"]["name"], h["person"]["phone"]) for h in chain[0]["holders"]]
    assert holder("2021-12-31") == [("李安", "138****0000")] and holder("2022-01-01") == [("王平", "138****0000")]
    assert holder("2022-01-01", phones="true") == [("王平", "13800010000")]
    posts = c.get(f"{base}/cells/{office.loop}/assignments").json()["items"]
    assert [(p["person_name"], p["from"], p["to"]) for p in posts] == [("李安", "2020-01-01", "2022-01-01"), ("王平", "2022-01-01", None)]
    end = c.patch(f"{base}/assignments/{posts[1]['id']}", json={"district": office.district, "to": "2023-01-01"})
    assert end.status_code == 204 and holder("2023-01-01") == []
    assert c.get(base + "/assignments", params={"district": office.district, "person": wang, "at": "2022-06-01"}).json()["items"][0]["cell"] == office.loop
    assert c.patch(f"{base}/people/{li}", json={"district": office.district, "phone": None}).json()["phone"] is None
    listed = c.get(base + "/people", params={"district": office.district, "q": "李"}).json()["items"]
    assert [p["name"] for p in listed] == ["李安"]


def test_what_is_read_of_people_is_noted(office, server):
    auditor = make_user(office, server, "auditor")
    trail = auditor.get(office.base + "/audit", params={"entity": "phones", "limit": 10}).json()["items"]
    assert trail and trail[0]["action"] == "read"
    assert office.coordinator.get(office.base + "/audit").status_code == 403


def make_user(office, server, role, **more):
    name = f"{role}-{uuid.uuid4().hex[:8]}"
    made = office.admin.post(office.base + "/users", json={"username": name, "grants": [{"role": role}], **more})
    assert made.status_code == 201, made.text
    server.passwords[name] = made.json()["password"]
    return server.session(name)


def test_accounts_are_made_changed_and_closed(office, server):
    me = make_user(office, server, "viewer")
    name = me.get(office.base + "/me").json()["username"]
    account = next(a for a in office.admin.get(office.base + "/users", params={"limit": 1000}).json()["items"] if a["username"] == name)
    assert office.admin.post(office.base + "/users", json={"username": name, "grants": []}).status_code == 409
    assert me.get(office.base + "/users").status_code == 403
    assert office.admin.patch(f"{office.base}/users/{account['id']}", json={"disabled": True}).json()["disabled"]
    assert me.get(office.base + "/me").status_code == 401


def test_an_administrator_of_a_part_may_not_grant_the_whole(office, server):
    name = f"part-{uuid.uuid4().hex[:8]}"
    made = office.admin.post(office.base + "/users", json={"username": name, "grants": [{"role": "admin", "district": office.district}]})
    server.passwords[name] = made.json()["password"]
    me = server.session(name)
    assert me.get(office.base + "/users").status_code == 403
    assert me.post(office.base + "/users", json={"username": name + "x", "grants": [{"role": "admin"}]}).status_code == 403


def test_tokens_read_and_nothing_else(office):
    made = office.coordinator.post(office.base + "/tokens", json={"label": "QGIS", "days": 7})
    token, url = made.json()["token"], office.base + "/cells/code:chicago:32"
    assert requests.get(url, params={"key": token}).status_code == 200
    assert requests.get(url, auth=("qgis", token)).status_code == 200
    assert requests.get(url, params={"key": office.coordinator.headers["Authorization"][7:]}).status_code == 401
    assert requests.post(office.base + "/people", auth=("qgis", token), json={"district": office.district, "name": "x"}).status_code == 403
    assert [t["label"] for t in office.coordinator.get(office.base + "/tokens").json()["items"]] == ["QGIS"]
    assert office.officer.delete(f"{office.base}/tokens/{made.json()['id']}").status_code == 404
    assert office.coordinator.delete(f"{office.base}/tokens/{made.json()['id']}").status_code == 204
    assert requests.get(url, params={"key": token}).status_code == 401


def test_an_enterprise_is_registered_changed_and_closed(office):
    c, base = office.coordinator, office.base
    village = c.get(base + "/locate", params={"lon": -87.63, "lat": 41.88}).json()["chain"][0]["cell"]
    new = {"parent": str(village["id"]), "code": "T-1", "name": "示范化工厂", "from": "2021-01-01", "industry": "C26", "headcount": 300, "lon": -87.63, "lat": 41.88}
    made = c.post(base + "/enterprises", json=new)
    assert made.status_code == 201, made.text
    one = made.json()["id"]
    assert c.post(base + "/enterprises", json=new).status_code == 409
    assert c.patch(f"{base}/cells/{one}", json={"from": "2022-01-01", "headcount": 99, "name": "示范化工"}).json() == {"id": one, "changed": True}
    assert c.patch(f"{base}/cells/{one}", json={"from": "2022-06-01", "headcount": 99}).json()["changed"] is False
    def at(day):
        return c.get(base + "/enterprises", params={"district": office.district, "q": "示范化工", "at": day}).json()["items"]
    assert (at("2021-06-01")[0]["headcount"], at("2022-06-01")[0]["headcount"]) == (300, 99)
    assert at("2022-06-01")[0]["name"] == "示范化工" and at("2020-12-31") == []
    assert c.get(base + "/enterprises", params={"district": office.district, "q": "示范", "at": "2022-06-01"}).json()["items"][0]["id"] == one
    assert c.patch(f"{base}/cells/{one}", json={"from": "2022-07-01", "to": "2023-01-01"}).json()["changed"]
    assert c.get(f"{base}/cells/{one}", params={"at": "2023-01-01"}).status_code == 404
    history = c.get(f"{base}/cells/{one}/history").json()
    assert [h["headcount"] for h in history["facts"]] == [300, 99] and history["life"][0]["valid"] == {"from": "2021-01-01", "to": "2023-01-01"}
    assert len(c.get(f"{base}/cells/{one}/history", params={"superseded": "true"}).json()["facts"]) > 2


def test_a_new_village_takes_its_land_and_its_events(office, server):
    """A square is cut out of a tract from 2014 on: its hazards of later days move, those before stay, and all are counted once."""
    c, base = office.coordinator, office.base
    town = c.get(base + "/locate", params={"lon": -87.63, "lat": 41.88}).json()["chain"]
    square = [[-87.635, 41.872], [-87.622, 41.872], [-87.622, 41.888], [-87.635, 41.888], [-87.635, 41.872]]
    def total(**more):
        query = {"within": str(office.loop), "level": "village", "from": "2013-01-01", "to": "2015-01-01", "measures": "hazard_density", **more}
        rows = c.get(base + "/figures", params=query).json()
        return {r["cell"]["code"]: r["figures"]["hazard_density"]["numerator"] for r in rows["rows"] + rows["direct"]}
    before = total()
    bad = {"level": "village", "parent": str(office.loop), "code": "000000001", "name": "X", "from": "2014-01-01"}
    assert c.post(base + "/cells", json={**bad, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}}).status_code == 422
    made = c.post(base + "/cells", json={**bad, "geometry": {"type": "Polygon", "coordinates": [square]}})
    assert made.status_code == 201, made.text
    after = total()
    assert after["000000001"] > 0 and sum(after.values()) == sum(before.values())
    assert total(to="2014-01-01").get("000000001", 0) == 0
    assert sum(total(mode="as_is").values()) == sum(before.values()) and total(mode="as_is")["000000001"] >= after["000000001"]
    listed = c.get(f"{base}/cells/{office.loop}/children", params={"limit": 1000, "q": "000000001"}).json()["items"]
    assert [x["id"] for x in listed] == [made.json()["id"]]
    assert c.patch(f"{base}/cells/{office.loop}", json={"from": "2014-01-01", "to": "2016-01-01"}).status_code == 422
    assert c.patch(f"{base}/cells/{made.json()['id']}", json={"from": "2014-01-01", "to": "2014-01-01"}).json()["changed"]
    assert total() == before and town


def test_events_of_each_kind(office, server):
    base = office.base
    certified = make_user(office, server, "officer", certified_until="2099-01-01")
    shop = office.coordinator.get(base + "/enterprises", params={"cell": str(office.loop), "limit": 1, "at": "2018-01-01"}).json()["items"][0]
    def record(session, kind, **more):
        return session.post(f"{base}/{kind}", json={"id": str(uuid.uuid4()), "district": office.district, "day": "2018-05-01", "enterprise": shop["id"], **more})
    def coverage(measure):
        query = {"within": str(office.loop), "level": "town", "from": "2018-05-01", "to": "2018-06-01", "measures": measure}
        return office.officer.get(base + "/figures", params=query).json()["rows"][0]["figures"][measure]
    assert coverage("inspection_coverage")["numerator"] == 0
    assert record(office.officer, "inspections", result="completed").status_code == 403
    made = record(certified, "inspections", result="completed")
    assert made.status_code == 201, made.text
    assert coverage("inspection_coverage")["numerator"] == 1 and coverage("patrol_coverage")["numerator"] == 0
    assert record(certified, "inspections", result="completed").status_code == 201
    assert coverage("inspection_coverage")["numerator"] == 1 and coverage("inspection_visits")["numerator"] == 2
    one = made.json()
    withdrawn = certified.delete(f"{base}/inspections/{one['id']}", headers={"If-Match": "*"})
    assert withdrawn.status_code == 204 and coverage("inspection_coverage")["numerator"] == 1
    other = certified.get(base + "/inspections", params={"cell": str(office.loop), "from": "2018-05-01", "to": "2018-06-01"}).json()["items"]
    assert len(other) == 1 and certified.get(f"{base}/inspections/{other[0]['id']}").json() == other[0]
    attempted = certified.patch(f"{base}/inspections/{other[0]['id']}", json={"result": "attempted"}, headers={"If-Match": f'"{other[0]["version"]}"'})
    assert attempted.status_code == 200 and coverage("inspection_coverage")["numerator"] == 0
    assert record(office.officer, "patrols", result="completed").status_code == 201 and coverage("patrol_coverage")["numerator"] == 1
    for deaths, injured, loss, grade in [(2, 0, 0, "ordinary"), (3, 0, 0, "larger"), (2, 10, 0, "larger"), (0, 0, 10_000_000, "larger"), (0, 50, 0, "serious"), (30, 0, 0, "extraordinary")]:
        accident = record(office.officer, "accidents", deaths=deaths, serious_injuries=injured, direct_loss_yuan=loss)
        assert accident.json()["grade"] == grade
    first = accident.json()
    assert office.officer.patch(f"{base}/accidents/{first['id']}", json={"deaths": 0}, headers={"If-Match": f'"{first["version"]}"'}).json()["grade"] == "ordinary"
    assert record(office.officer, "patrols", result="completed", day="2999-01-01").status_code == 422
    night = record(office.officer, "patrols", result="completed", at="2018-05-02T03:00:00+00:00")  # still the first in Chicago
    assert night.json()["day"] == "2018-05-01"
    key = {"Idempotency-Key": uuid.uuid4().hex}
    hazard = {"id": str(uuid.uuid4()), "district": office.district, "day": "2018-05-01", "enterprise": shop["id"], "source": "patrol", "grade": "general"}
    once, twice = (office.officer.post(base + "/hazards", json=hazard, headers=key) for _ in range(2))
    assert once.status_code == twice.status_code == 201 and once.json() == twice.json()
    assert office.officer.post(base + "/hazards", json={**hazard, "grade": "major"}, headers=key).status_code == 422


@pytest.mark.parametrize("kind, more", [("hazards", {"source": "patrol", "grade": "general"}), ("inspections", {"result": "completed"}),
                                        ("patrols", {"result": "completed"}), ("accidents", {})])
def test_each_kind_is_read_corrected_and_withdrawn(office, server, kind, more):
    me, url = make_user(office, server, "officer", certified_until="2099-01-01"), f"{office.base}/{kind}"
    made = me.post(url, json={"id": str(uuid.uuid4()), "district": office.district, "day": "2018-07-01", "lon": -87.63, "lat": 41.88, **more}).json()
    one = f"{url}/{made['id']}"
    assert me.get(one).json() == made and made["rule"] == "shape"
    assert made in me.get(url, params={"cell": str(office.loop), "from": "2018-07-01", "to": "2018-07-02"}).json()["items"]
    changed = me.patch(one, json={"day": "2018-07-02", "reason": "wrong day"}, headers={"If-Match": f'"{made["version"]}"'}).json()
    assert changed["day"] == "2018-07-02" and changed["version"] > made["version"]
    assert me.patch(one, json={"day": "2018-07-03"}, headers={"If-Match": f'"{made["version"]}"'}).status_code == 412
    assert me.delete(one, headers={"If-Match": f'"{changed["version"]}"'}).status_code == 204
    assert me.get(one).status_code == 404 and me.delete(one, headers={"If-Match": "*"}).status_code == 404


def test_the_contract_is_told(office):
    assert contract.Session().get(office.base.removesuffix(API) + "/openapi.json").json()["openapi"].startswith("3.0")


def test_files_of_an_event(office):
    one = office.officer.post(office.base + "/hazards", json={"id": str(uuid.uuid4()), "district": office.district, "day": "2018-06-01", "lon": -87.63, "lat": 41.88,
                                                              "source": "patrol", "grade": "general"}).json()
    url = f"{office.base}/attachments/{uuid.uuid4()}"
    asked = {"kind": "hazard", "event": one["id"], "name": "现场.jpg"}
    assert office.officer.put(url, params=asked, data=b"\xff\xd8\xff\x00picture", headers={"Content-Type": "image/jpeg"}).status_code == 201
    assert office.officer.get(url).content == b"\xff\xd8\xff\x00picture"
    listed = office.officer.get(office.base + "/attachments", params={"kind": "hazard", "event": one["id"]}).json()["items"]
    assert listed[0]["name"] == "现场.jpg" and listed[0]["bytes"] == 11
    photo = uuid.uuid4().bytes * 500_000  # eight megabytes, as a phone takes them
    url = f"{office.base}/attachments/{uuid.uuid4()}"
    assert office.officer.put(url, params=asked, data=photo, headers={"Content-Type": "image/jpeg"}).status_code == 201
    assert office.officer.get(url).content == photo
    assert office.officer.put(url, params=asked, data=photo * 3, headers={"Content-Type": "image/jpeg"}).status_code == 413
    assert requests.put(url, params=asked, data=photo).status_code == 413, "nobody who is not signed in sends more than a megabyte"


def test_bad_input_is_refused_by_the_contract(office):
    c, base = office.coordinator, office.base
    for change, field in [({"grade": "huge"}, "grade"), ({"id": "1"}, "id"), ({"lon": 200, "lat": 0}, "lon"), ({"colour": 1}, "colour"), ({"lon": 1}, "lat"), ({"day": "01.05.2018"}, "day"),
                          ({"at": "2018-05-01T" + "1" * 60000 + "Z"}, "at"), ({"at": "2018-05-01T24:60:00Z"}, "at"), ({"day": "2018-02-30"}, "day")]:
        body = {"id": str(uuid.uuid4()), "district": office.district, "day": "2018-05-01", "source": "patrol", "grade": "general", **change}
        answer = c.post(base + "/hazards", json=body)
        assert answer.status_code == 400 and field in [e["field"] for e in answer.json().get("errors", [])], answer.text
    assert c.get(base + "/cells", params={"limt": 3}).json()["errors"] == [{"field": "limt", "detail": "is not a parameter of this address"}]
    assert c.get(base + "/cells", params={"limit": 0}).status_code == 400
    broken = c.post(base + "/hazards", data=b'{"id": ', headers={"Content-Type": "application/json"})
    assert broken.status_code == 400 and "not JSON" in broken.json()["detail"]
    assert c.get(base + "/people", params={"district": office.district, "q": "网格"}).json()["items"] == []


def test_pages_link_to_the_next(office):
    c, url, codes = office.coordinator, office.base + "/cells?level=town&limit=30&within=code:chicago:chicago", []
    first = c.get(office.base + "/hazards", params={"cell": str(office.loop), "limit": 20})
    second = c.get(office.base.removesuffix(API) + first.links["next"]["url"])
    days = [(e["day"], e["id"]) for e in first.json()["items"] + second.json()["items"]]
    assert days == sorted(set(days)) and len(days) == 40
    after = ""
    while after is not None:
        page = c.get(url + (f"&after={after}" if after else "")).json()
        codes += [x["code"] for x in page["items"]]
        after = page["next"]
    assert len(codes) == len(set(codes)) == 77


def test_compression_options_and_head(office):
    url = office.base + "/cells?level=town&limit=1000"
    plain = office.coordinator.get(url, headers={"Accept-Encoding": "identity"})
    packed = office.coordinator.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and packed.json() == plain.json()
    assert packed.headers["ETag"] != plain.headers["ETag"] and int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert office.coordinator.head(url, headers={"Accept-Encoding": "identity"}).headers["Content-Length"] == plain.headers["Content-Length"]
    assert requests.options(url).headers["Allow"].startswith("GET")
    refused = office.coordinator.put(url)
    assert refused.status_code == 405 and "GET" in refused.json()["detail"]
