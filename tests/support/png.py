"""Reads PNG files with a palette, written from the specification (ISO 15948) and apart from the server's writer: what a browser would show."""
import struct
import zlib


class Picture:
    """`numbers` of each pixel in the palette, rows from the north; `palette`: (red, green, blue, opacity) of each number."""

    def __init__(self, data):
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        chunks, at = {}, 8
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + length]
            assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body)
            chunks[kind] = chunks.get(kind, b"") + body
            at += 12 + length
        self.width, self.height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
        assert (depth, colour, rest) == (8, 3, [0, 0, 0])
        opacities = chunks.get(b"tRNS", b"")
        self.palette = [(*chunks[b"PLTE"][3 * i:3 * i + 3], opacities[i] if i < len(opacities) else 255) for i in range(len(chunks[b"PLTE"]) // 3)]
        self.numbers = []
        raw, above = zlib.decompress(chunks[b"IDAT"]), bytes(self.width)
        for row in range(self.height):
            line = raw[row * (self.width + 1):(row + 1) * (self.width + 1)]
            assert line[0] in (0, 2), "the filters that we know: none, up"
            above = bytes((a + (b if line[0] else 0)) % 256 for a, b in zip(line[1:], above))
            self.numbers.append(above)

    def at(self, column, row):
        return self.palette[self.numbers[row][column]]


def read(data):
    return Picture(data)
