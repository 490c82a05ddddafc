#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "map/tile.h"
#include "map/zoom_band.h"
#include "service/map_cells.h"
#include "service/neighbours.h"

namespace gridward::service {

struct LevelMap;

/// Who lies beside whom in a level's map, as tiles draw it. Immutable.
struct BorderMap {
  /// Two cells that touch, once.
  struct Pair {
    Way a, b;
    double metres = 0;  // of border that they share; 0 for a corner
    map::Tags tags;
    std::vector<std::uint32_t> arcs;        // of the topology: the border, as far as both have the same vertices
    std::array<map::Point, 2> points;       // one inside each, in the Mercator world
    map::Point low, high;                   // around all of it, likewise
  };
  std::vector<Pair> pairs;
  [[nodiscard]] std::size_t bytes() const;
};

/// The pairs of a level's map. `cells` are those of its day.
[[nodiscard]] BorderMap border_map(const LevelMap& level, const Neighbourhood& neighbourhood, const MapCells::Cells& cells, bool gcj02);

/// The properties of the layer, with their types as TileJSON has them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> border_fields();

/// Adds what lies in a tile: of each pair that shares so many metres and that `may_see` lets through its border as lines, and a line between a point inside
/// each cell (the property `kind` tells them apart).
void draw_borders(const BorderMap& borders, const map::ZoomBand& band, const map::TileId& tile, double least_metres, const std::function<bool(const BorderMap::Pair&)>& may_see, map::MvtLayer& layer);

}  // namespace gridward::service
