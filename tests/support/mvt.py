"""Reads vector tiles (Mapbox Vector Tile 2.1), written from the specification and apart from the server's writer."""
import struct


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """The fields of a protobuf message: (number, value); bytes for what has a length."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 1:
            value, at = data[at:at + 8], at + 8
        elif wire == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
            assert len(value) == length, "the tile ends too early"
        elif wire == 5:
            value, at = data[at:at + 4], at + 4
        else:
            raise AssertionError(f"wire type {wire}")
        yield number, value


def packed(data):
    at, out = 0, []
    while at < len(data):
        value, at = varint(data, at)
        out.append(value)
    return out


def zigzag(n):
    return (n >> 1) ^ -(n & 1)


def value_of(data):
    (number, value), = fields(data)
    if number == 1:
        return value.decode()
    if number == 2:
        return struct.unpack("<f", value)[0]
    if number == 3:
        return struct.unpack("<d", value)[0]
    if number == 4:
        return value - (1 << 64) if value >> 63 else value
    return {5: lambda: value, 6: lambda: zigzag(value), 7: lambda: bool(value)}[number]()


def parts(commands):
    """The lines, rings or points of a geometry: (points, whether closed)."""
    out, at, x, y = [], 0, 0, 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        assert count > 0, "a command for nothing"
        if command == 7:
            out[-1] = (out[-1][0], True)
            continue
        assert command in (1, 2)
        for _ in range(count):
            x, y = x + zigzag(commands[at]), y + zigzag(commands[at + 1])
            at += 2
            if command == 1:
                out.append(([], False))
            out[-1][0].append((x, y))
    return out


def signed_area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1])) / 2


class Feature:
    """`rings` of a polygon are grouped: a list of polygons, each its shell and its holes."""

    def __init__(self, data, keys, values):
        self.id, self.kind, tags, commands = None, 0, [], []
        for number, value in fields(data):
            if number == 1:
                self.id = value
            elif number == 2:
                tags = packed(value)
            elif number == 3:
                self.kind = value
            elif number == 4:
                commands = packed(value)
        assert len(tags) % 2 == 0
        self.tags = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2])}
        assert len(self.tags) == len(tags) // 2, "a key twice"
        self.parts = parts(commands)
        self.polygons = []
        if self.kind == 3:
            for ring, closed in self.parts:
                assert closed and len(ring) >= 3 and signed_area(ring) != 0, "a ring without area"
                if signed_area(ring) > 0:
                    self.polygons.append([ring])
                else:
                    self.polygons[-1].append(ring)


class Layer:
    def __init__(self, data):
        keys, values, features = [], [], []
        self.version = self.name = None
        self.extent = 4096
        for number, value in fields(data):
            if number == 1:
                self.name = value.decode()
            elif number == 2:
                features.append(value)
            elif number == 3:
                keys.append(value.decode())
            elif number == 4:
                values.append(value_of(value))
            elif number == 5:
                self.extent = value
            elif number == 15:
                self.version = value
        assert self.version == 2 and len(set(keys)) == len(keys)
        self.features = [Feature(f, keys, values) for f in features]


def read(data):
    """The layers of a tile by name."""
    layers = [Layer(value) for number, value in fields(data) if number == 3]
    assert len({layer.name for layer in layers}) == len(layers)
    return {layer.name: layer for layer in layers}
