#pragma once

#include <cstdint>
#include <vector>

namespace gridward::geo {

/// A point on the whole-numbered grid of a tile or a zoom.
struct GridPoint {
  std::int32_t x = 0, y = 0;
  friend bool operator==(const GridPoint&, const GridPoint&) = default;
};
struct GridBox {
  std::int32_t west = 0, north = 0, east = 0, south = 0;  // y southwards, so north <= south
  [[nodiscard]] bool overlaps(const GridBox& b) const { return west <= b.east && b.west <= east && north <= b.south && b.north <= south; }
  [[nodiscard]] bool contains(const GridBox& b) const { return west <= b.west && b.east <= east && north <= b.north && b.south <= south; }
};
/// A shell and its holes, each closed.
using GridPolygon = std::vector<std::vector<GridPoint>>;

/// Whether a polygon is valid as OGC has it: no ring crosses or lies upon itself or another.
[[nodiscard]] bool is_valid(const GridPolygon& polygon);
/// The same area as valid polygons on the grid; what has no area there is dropped (GEOS, structure method).
[[nodiscard]] std::vector<GridPolygon> make_valid(const GridPolygon& polygon);
/// What of a valid polygon lies in a box, on the grid and valid.
[[nodiscard]] std::vector<GridPolygon> clip(const GridPolygon& polygon, const GridBox& box);

}  // namespace gridward::geo
