"""Fixtures for tests of maps: a server on which no other file writes, a leader, and where 示范区 lies."""
import pytest
import shapely.geometry

SIM, ROOT_CELL = "sim-990101", "code:sim-990101:990101000000"


def bounds_of(server, leader, scheme):
    """West, south, east, north of a district in degrees."""
    district = next(d for d in leader.get(server.base + "/api/v1/districts").json()["items"] if d["scheme"] == scheme)
    cell = leader.get(server.base + f"/api/v1/cells/{district['cell']}", params={"format": "geojson"}).json()
    return shapely.geometry.shape(cell["geometry"]).bounds


@pytest.fixture(scope="module")
def server(own_server):
    return own_server


@pytest.fixture(scope="module")
def leader(server):
    return server.session("leader")


@pytest.fixture(scope="module")
def box(server, leader):
    return bounds_of(server, leader, SIM)
