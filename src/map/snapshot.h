#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "map/wkb.h"

namespace gridward::map {

/// A cell with its shape on a day. `wkb` is a MultiPolygon, little-endian, two-dimensional, in degrees.
struct Shape {
  std::int64_t cell = 0;
  int level = 0;
  std::string code;
  std::string wkb;
};

/// The shapes of a district on a day, made for finding places. Immutable, so any number of threads may use it.
///
/// It decides as PostGIS does (ST_Intersects of a point and a polygon: winding number, the side of an edge in plain doubles), so
/// that both place every point alike, on borders too. A grid over the shapes remembers which squares lie inside a shape, where
/// nothing is left to compute.
class Snapshot {
 public:
  /// Throws std::invalid_argument for bytes that are not a MultiPolygon.
  explicit Snapshot(const std::vector<Shape>& shapes);

  /// The deepest cell whose shape contains the point, border included; of several the one with the lowest code in byte order, then
  /// the lowest id. 0: none.
  [[nodiscard]] std::int64_t cell_at(Point p) const;
  [[nodiscard]] std::size_t bytes() const;  // of memory; never 0

 private:
  /// A ring with its edges in bands of y: those of a point's band are all that can matter to it.
  struct Ring {
    double bottom = 0, step = 0;
    std::uint32_t bands = 1;
    std::uint32_t first = 0;  // into band_starts_
    bool hole = false;
  };
  struct Area {
    std::int64_t cell = 0;
    std::uint32_t first_ring = 0, rings = 0;
  };
  struct Edge {
    Point from, to;
  };
  struct Candidate {
    std::uint32_t area;
    bool inside;  // all of the square
  };
  enum class Side { outside, border, inside };

  void add_ring(const std::vector<Point>& points, bool hole);
  void read_shape(std::string_view wkb);
  void fill_grid();
  void mark_edges(const Area& area, std::vector<char>& marks) const;
  [[nodiscard]] Side side_of(const Ring& ring, Point p) const;
  [[nodiscard]] bool contains(const Area& area, Point p) const;

  std::vector<Area> areas_;  // the deepest first, then by code: the first hit wins
  std::vector<Ring> rings_;
  std::vector<std::uint32_t> band_starts_;
  std::vector<Edge> edges_;
  Point low_, high_;
  std::uint32_t columns_ = 0, rows_ = 0;
  std::vector<std::uint32_t> square_starts_;
  std::vector<Candidate> candidates_;
};

}  // namespace gridward::map
