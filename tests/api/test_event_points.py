"""What a server follows of events, write by write, is what one that has only begun reads from nothing: tiles of points, heat and maps on paper are made of it."""
import random
import uuid

import requests

import mvt
from harness import beginner
from own_map import bounds_of, leader, server  # noqa: F401
from test_tiles import tile_of

SCHEME, ROOT = "sim-990101", "code:sim-990101:990101000000"
YEARS, MARCH = "from=2023-01-01&to=2026-01-01", "from=2024-03-01&to=2024-04-01"


def addresses(box):
    """Single points and squares, by window and by opening, filtered; surfaces."""
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    z9, z12, z15 = ("{}/{}/{}".format(z, *tile_of(z, lon, lat)) for z in (9, 12, 15))
    return [f"/tiles/hazards/{z9}.mvt?{YEARS}", f"/tiles/hazards/{z15}.mvt?{YEARS}", f"/tiles/hazards/{z9}.mvt", f"/tiles/hazards/{z9}.mvt?open_at=2025-06-01", f"/tiles/hazards/{z12}.mvt?{YEARS}&grade=major",
            f"/tiles/hazards/{z9}.mvt?{MARCH}&source=patrol", f"/tiles/inspections/{z9}.mvt?{YEARS}", f"/heatmap/grid?cell={ROOT}&kind=hazard&bandwidth=900&spacing=3000&{YEARS}", f"/heatmap/grid?cell={ROOT}&kind=hazard&category=用电&bandwidth=900&spacing=3000&{YEARS}"]


def points_of(server, session, target):
    answer = session.get(server.base + target)
    assert answer.status_code in (200, 204), answer.text
    return mvt.read(answer.content)["hazards"].features if answer.status_code == 200 else []


def test_a_server_that_follows_knows_what_one_that_begins_reads(server, leader):
    rng, base, box, district = random.Random(11), server.base + "/api/v1", bounds_of(server, leader, SCHEME), server.district(SCHEME)
    office, targets = server.session("coordinator"), addresses(box)
    day = lambda: f"{rng.choice([2022, 2023, 2024, 2025])}-{rng.choice(['01-01', '03-15', '12-31'])}"  # noqa: E731
    place = lambda: {"lon": (box[0] + box[2]) / 2 + rng.uniform(-0.004, 0.004), "lat": (box[1] + box[3]) / 2 + rng.uniform(-0.004, 0.004)}  # noqa: E731
    ask = lambda at: [requests.get(at + t, headers=leader.headers).content for t in targets]  # noqa: E731
    ask(server.base)
    there = []
    for n in range(40):
        step = n % 4
        if step < 2 or not there:
            one = {"id": str(uuid.UUID(int=rng.getrandbits(128), version=4)), "district": district, "day": day(), "source": "patrol", "grade": "general", "category": rng.choice(["用电", "消防"]), **place()}
            answer = office.post(base + "/hazards", json=one)
            there.append(one["id"])
        elif step == 2:
            change = rng.choice([{"day": day()}, place(), {"grade": "major"}, {"category": "用电"}, {"closed_on": "2026-01-01"}, {"lon": None, "lat": None}])
            answer = office.patch(f"{base}/hazards/{rng.choice(there)}", json={**change, "reason": "更正"}, headers={"If-Match": "*"})
        else:
            answer = office.delete(f"{base}/hazards/{there.pop(rng.randrange(len(there)))}", params={"reason": "误录"}, headers={"If-Match": "*"})
        assert answer.status_code in (200, 201, 204), answer.text
        if n % 3 == 0:  # some writes are followed one by one, others together
            leader.get(server.base + rng.choice(targets))
        if n == 20:  # the map changes too
            changed = office.patch(f"{base}/cells/{ROOT}", json={"from": "2026-01-01", "name": "示范区（更名）"})
            assert changed.status_code == 200, changed.text
    followed = ask(server.base)
    with beginner(server) as fresh:
        for target, ours, theirs in zip(targets, followed, ask(fresh)):
            assert ours == theirs, target
    shown = {f.tags["id"] for z in (15,) for lon in (-0.008, 0, 0.008) for lat in (-0.008, 0, 0.008)
             for f in points_of(server, leader, "/tiles/hazards/{}/{}/{}.mvt".format(z, *tile_of(z, (box[0] + box[2]) / 2 + lon, (box[1] + box[3]) / 2 + lat)))}
    listed = {i["id"]: i["lon"] for i in (leader.get(f"{base}/hazards/{one}").json() for one in there)}
    assert {one for one in there if one in shown} == {one for one, lon in listed.items() if lon is not None}, "what stands is drawn, what was withdrawn or has no place is not"
