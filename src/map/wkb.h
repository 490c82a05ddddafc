#pragma once

#include <string_view>
#include <vector>

namespace gridward::map {

struct Point {
  double x = 0, y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// A shell and its holes, each closed: its first point comes again as its last.
using Polygon = std::vector<std::vector<Point>>;

/// The polygons of a little-endian, two-dimensional WKB MultiPolygon. Throws std::invalid_argument for other bytes.
[[nodiscard]] std::vector<Polygon> read_multi_polygon(std::string_view wkb);

}  // namespace gridward::map
