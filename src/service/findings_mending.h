#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "geo/shared_border.h"
#include "map/snapshot.h"
#include "service/district_map.h"

namespace gridward::service {

/// The operation that gives a cell another parent, as JSON.
[[nodiscard]] std::string move_below(std::int64_t cell, std::int64_t parent);

/// The operation that draws a cell anew, as JSON.
[[nodiscard]] std::string redrawn(std::int64_t cell, const std::vector<geo::Outline>& polygons);

/// The operation that gives a cell corners of its neighbours that lie on its sides, as JSON.
[[nodiscard]] std::string with_corners(std::int64_t cell, const std::vector<geo::LonLat>& corners);

/// What would mend gaps and overlaps of a map: operations of a reassignment, as JSON with commas between; empty where none are known.
class Mending {
 public:
  using Pieces = std::vector<geo::Outline>;
  Mending(const DistrictMap& map, const map::Snapshot& ground) : map_(map), ground_(ground) {}

  /// Ground of `parent` that none of the cells below it covers goes to those beside its pieces (0: none is); where they are divided, to a cell of theirs too.
  [[nodiscard]] std::string of_gap(std::int64_t parent, const Pieces& pieces, const std::vector<std::int64_t>& beside, geo::LonLat at);
  /// Ground that a cell has outside its parent, which has a parent itself, goes to that: what happens there is the cell's already, so that nothing is counted elsewhere.
  [[nodiscard]] std::string of_outside(std::int64_t parent, const Pieces& pieces) const;
  /// Ground that two cells cover stays with `owner`, or, where none is known (0), with the one in which points of it are counted, so that none is counted elsewhere.
  [[nodiscard]] std::string of_overlap(std::int64_t one, std::int64_t two, std::int64_t owner, const Pieces& pieces, geo::LonLat at) const;

 private:
  struct Below {
    std::int64_t cell = 0;
    std::vector<geo::Outline> polygons;
  };
  [[nodiscard]] const std::vector<Below>& below(std::int64_t cell);
  [[nodiscard]] std::int64_t beside_below(std::int64_t cell, const geo::Outline& piece);
  [[nodiscard]] std::int64_t counted_in(std::int64_t one, std::int64_t two, geo::LonLat at) const;

  const DistrictMap& map_;
  const map::Snapshot& ground_;
  std::map<std::int64_t, std::vector<Below>> below_;  // of cells that were asked for
};

}  // namespace gridward::service
