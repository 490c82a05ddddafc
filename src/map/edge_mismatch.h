#pragma once

#include <cstdint>
#include <vector>

#include "map/topology.h"

namespace gridward::map {

/// Two cells of which one has vertices on the border of the other that the other has not: their borders do not match edge by edge, so that whatever is
/// done to each alone (simplifying, projecting) can tear them apart.
struct EdgeMismatch {
  std::int64_t a = 0, b = 0;    // a < b
  std::vector<Point> vertices;  // in degrees, by longitude and latitude
};

/// The mismatches among the cells of a level, by their cells. A vertex is on an edge within the tolerance of Noder (a centimetre) and not at its ends.
[[nodiscard]] std::vector<EdgeMismatch> edge_mismatches(const std::vector<Topology::Source>& sources);

}  // namespace gridward::map
