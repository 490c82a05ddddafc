#pragma once

#include <cstdint>
#include <vector>

#include "geo/grid_polygon.h"
#include "map/topology.h"

namespace gridward::map {

/// Units of a tile's grid along its side.
inline constexpr std::int32_t kTileExtent = 4096;
/// The last zoom that is drawn for itself: a unit is 15 cm at the equator. Beyond it, this one is enlarged.
inline constexpr int kLastZoom = 16;

/// The shapes of a topology at a zoom: simplified arc by arc and put on the zoom's grid of 2^zoom · 4096 units, so that neighbours keep
/// identical borders and every ring is valid. Immutable.
class ZoomBand {
 public:
  struct Area {
    std::size_t index = 0;  // into the topology's areas
    geo::GridPolygon polygon;
  };

  /// 0 <= zoom <= kLastZoom.
  ZoomBand(const Topology& topology, int zoom);
  /// A polygon each; a cell may have several, one behind another, or none where it is smaller than the grid can show.
  [[nodiscard]] const std::vector<Area>& areas() const { return areas_; }
  /// The box of each, apart from them, as each tile looks through them all.
  [[nodiscard]] const std::vector<geo::GridBox>& boxes() const { return boxes_; }
  /// The arcs of the topology as they are drawn: the borders of the areas, but where a polygon had to be mended on the grid. One that the grid draws as a
  /// point has a point only.
  [[nodiscard]] const std::vector<std::vector<geo::GridPoint>>& lines() const { return lines_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::vector<Area> areas_;
  std::vector<geo::GridBox> boxes_;
  std::vector<std::vector<geo::GridPoint>> lines_;
};

}  // namespace gridward::map
