"""After a write the very next request for whatever it touches shows it, and what it does not touch is still what its reader has: every tile, surface, map, figure and list in turn."""
import uuid

from own_map import bounds_of, leader, server  # noqa: F401
from test_tiles import tile_of

DAY, WINDOW = "2024-08-08", "from=2024-08-01&to=2024-09-01"
HERE, THERE = ("sim-990101", "990101000000"), ("chicago", "chicago")


def addresses(place, box):
    """What shows hazards of the window in a district, from tiles to paper; those of tiles name one in its middle."""
    root, lon, lat = "code:{}:{}".format(*place), (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    z9, z12, z16 = ("{}/{}/{}".format(z, *tile_of(z, lon, lat)) for z in (9, 12, 16))
    return [f"/tiles/hazards/{z9}.mvt?{WINDOW}", f"/tiles/hazards/{z16}.mvt?{WINDOW}", f"/tiles/gcj02/hazards/{z9}.mvt?{WINDOW}", f"/tiles/villages/{z12}.mvt?measures=hazard_density&{WINDOW}",
            f"/tiles/districts/{z9}.mvt?measures=hazard_density&{WINDOW}&mode=as_is", f"/heatmap/{z12}.png?kind=hazard&bandwidth=800&top=1&{WINDOW}", f"/heatmap/{z12}@2x.png?kind=hazard&bandwidth=800&top=1&{WINDOW}",
            f"/heatmap/{z12}.png?kind=hazard&bandwidth=800&top=1&relative_to=enterprises&least_base=0.1&{WINDOW}", f"/heatmap/{z12}.png?kind=hazard&bandwidth=800&top=1&versus_from=2024-07-01&versus_to=2024-08-01&{WINDOW}",
            f"/heatmap/grid?cell={root}&kind=hazard&bandwidth=800&spacing=2000&{WINDOW}", f"/heatmap/contours?cell={root}&kind=hazard&bandwidth=800&top=1&{WINDOW}",
            f"/api/v1/figures?within={root}&level=village&measures=hazard_density,open_hazard_density,rectification_rate&{WINDOW}", f"/api/v1/figures?within={root}&level=district&measures=hazards_per_enterprise&mode=as_is&{WINDOW}",
            f"/api/v1/hotspots?within={root}&level=village&measure=hazards_per_enterprise&permutations=0&{WINDOW}", f"/api/v1/reports/hazards?within={root}&year=2024&month=8",
            f"/api/v1/maps?within={root}&level=village&measure=hazard_density&format=pdf&{WINDOW}", f"/api/v1/maps?within={root}&level=village&theme=heat&kind=hazard&bandwidth=800&top=1&format=pdf&{WINDOW}"]


def lists(place, district, cell):
    """What follows from one district and is named by a code, an id or the district itself, beside addresses()."""
    root = "code:{}:{}".format(*place)
    return [f"/api/v1/hazards?cell={root}&limit=5", f"/api/v1/enterprises?district={district}&limit=5", f"/api/v1/cells?parent={root}&limit=5", f"/api/v1/cells/{cell}", f"/api/v1/cells/{root}/children?limit=5",
            f"/api/v1/figures?within={cell}&level=district&measures=hazard_density&{WINDOW}", f"/api/v1/key-regions?within={cell}&level=town&{WINDOW}", f"/api/v1/people?district={district}&limit=5",
            f"/api/v1/vacancies?within={root}&limit=5", f"/heatmap.json?cell={cell}&kind=hazard&bandwidth=800&{WINDOW}", f"/heatmap/contours?cell={cell}&kind=hazard&bandwidth=800&top=1&{WINDOW}"]


def test_a_write_shows_everywhere_and_elsewhere_nothing_is_made_anew(server, leader):
    boxes = {place: bounds_of(server, leader, place[0]) for place in (HERE, THERE)}
    here = [(leader, target) for target in addresses(HERE, boxes[HERE])]
    there = leader.get(server.base + "/api/v1/cells/code:{}:{}".format(*THERE)).json()
    elsewhere = [(leader, target) for target in addresses(THERE, boxes[THERE]) + lists(THERE, there["district"], there["id"])]
    before = {}
    for session, target in here + elsewhere:
        answer = session.get(server.base + target)
        assert answer.status_code in (200, 204), (target, answer.text)
        before[session, target] = answer
    lon, lat = ((boxes[HERE][i] + boxes[HERE][i + 2]) / 2 for i in (0, 1))
    made = server.session("coordinator").post(server.base + "/api/v1/hazards", json={"id": str(uuid.uuid4()), "district": server.district(HERE[0]), "day": DAY, "source": "patrol", "grade": "general", "lon": lon + 1e-4, "lat": lat + 1e-4})
    assert made.status_code == 201, made.text
    for session, target in here:
        old = before[session, target]
        answer = session.get(server.base + target, headers={"If-None-Match": old.headers["ETag"]})
        assert answer.status_code == 200 and answer.content != old.content, target
    for session, target in elsewhere:
        answer = session.get(server.base + target, headers={"If-None-Match": before[session, target].headers["ETag"]})
        assert answer.status_code == 304, target


def test_who_is_responsible_changes_no_map(server, leader):
    """People and posts are not drawn: the tiles that all clients have stay theirs when a person comes or a post is handed over; who holds it is told anew."""
    office, district, box = server.session("coordinator"), server.district(HERE[0]), bounds_of(server, leader, HERE[0])
    z12 = "{}/{}/{}".format(12, *tile_of(12, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    village = leader.get(server.base + "/api/v1/cells", params={"within": "code:{}:{}".format(*HERE), "level": "village", "limit": 1}).json()["items"][0]["id"]
    tiles, chain = (f"/tiles/villages/{z12}.mvt?at={DAY}", f"/tiles/adjacency/{z12}.mvt"), f"/api/v1/cells/{village}/ancestors"
    before = {target: leader.get(server.base + target).headers["ETag"] for target in (*tiles, chain)}
    person = office.post(server.base + "/api/v1/people", json={"district": district, "name": "新来的"})
    assert person.status_code == 201, person.text
    for target in tiles:
        assert leader.get(server.base + target, headers={"If-None-Match": before[target]}).status_code == 304, target
    assert leader.get(server.base + chain, headers={"If-None-Match": before[chain]}).status_code == 200
