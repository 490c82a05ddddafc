#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "map/wkb.h"

namespace gridward::map {

/// The shapes of one level of a map as arcs that neighbours share: a border that two cells have is stored once, so that whatever is
/// done to it is done for both. Immutable.
///
/// Arcs run between junctions, where more than two ways meet; a ring without junctions is one arc, whose ends are one point. Points are
/// in the Mercator world, x and y from 0 to 1, y southwards.
class Topology {
 public:
  struct Source {
    std::int64_t cell = 0;
    std::string wkb;  // see read_multi_polygon; longitude and latitude in degrees
  };
  /// An arc, or (~i) arc i from its end to its beginning.
  using Ring = std::vector<std::int32_t>;
  struct Area {
    std::int64_t cell = 0;
    std::vector<std::vector<Ring>> polygons;  // of each its shell, then its holes
  };

  /// `moved` is applied to each point before it is projected (to GCJ-02, for display); empty: nothing is.
  explicit Topology(const std::vector<Source>& sources, const std::function<Point(Point)>& moved = {});

  [[nodiscard]] const std::vector<std::vector<Point>>& arcs() const { return arcs_; }
  [[nodiscard]] const std::vector<Area>& areas() const { return areas_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::vector<std::vector<Point>> arcs_;
  std::vector<Area> areas_;
};

/// Longitude and latitude in degrees to the Mercator world; latitudes beyond 85.05° to its edge.
[[nodiscard]] Point to_world(Point lon_lat);
/// The other way.
[[nodiscard]] Point from_world(Point world);

}  // namespace gridward::map
