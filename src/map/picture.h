#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "domain/colour_scale.h"
#include "geo/local_plane.h"
#include "map/tile.h"
#include "map/wkb.h"

namespace gridward::map {

/// A square picture of a tile: of each pixel, rows from the north, the number of its colour; 0 is transparent.
struct Picture {
  TileId tile;
  std::size_t side = 256;
  std::vector<std::uint8_t> colours = std::vector<std::uint8_t>(side * side, 0);
};

/// From degrees as a tile has them to those of storage: the identity, or from GCJ-02.
using ToStored = geo::LonLat (*)(geo::LonLat);

/// Paints those pixels of a tile whose middle lies in an outline (in degrees as the tile has them, its rings even-odd). `colour` is asked with the place of the middle in a plane. Places
/// are exact at every sixteenth part of a tile and linear between, so that tiles agree along their seams; from zoom 8 on they are right to two metres.
void paint(Picture& picture, const std::vector<Polygon>& outline, const geo::LocalPlane& plane, ToStored to_stored, const std::function<std::uint8_t(double x, double y)>& colour);

/// As PNG with a palette (libpng).
[[nodiscard]] std::string write_png(const Picture& picture, const Palette& palette);

}  // namespace gridward::map
