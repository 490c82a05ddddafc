#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "geo/gcj02.h"
#include "map/tile.h"
#include "service/event_points.h"
#include "service/tile_joined.h"
#include "storage/database.h"

namespace gridward::service {

/// What a layer of points shows of a district.
struct PointsAsked {
  std::string layer;  // enterprises, hazards, inspections
  const District& district;
  map::DegreeBox extent;  // what lies beyond it is not on the map
  std::optional<std::vector<std::int64_t>> cells;  // that the caller may see with all below them; none: all
  Day day{};                                       // of the register of enterprises
  Window window{};                                 // of events
  std::string open_at, source, grade;              // of hazards; empty: all
  bool gcj02 = false;
};

/// Where points come from: enterprises from the database, events from memory.
struct PointSources {
  storage::Pool& reads;
  EventPoints& events;
};

/// The zoom from which each point stands for itself. Before it, points are counted together in squares of a 64th of a tile, at their mean; such a feature
/// says `aggregated`, and a square is whole in every tile that shows it.
inline constexpr int kEachFromZoom = 14;

/// A point of a layer, or several counted together at their mean.
struct PlacedPoint {
  geo::LonLat at;
  std::int64_t n = 1;
};
/// What lies in a box, counted together in squares of so many degrees; 0: each for itself.
Result<std::vector<PlacedPoint>> points_in(PointSources sources, const PointsAsked& asked, const map::DegreeBox& box, double side);

/// The properties of a layer's points, with their types as TileJSON has them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> point_fields(const std::string& layer);

/// How many of what is asked for lie on the map, and how many do not: they have no place, or one beyond the district.
Result<OffMap> points_off_map(PointSources sources, const PointsAsked& asked);

/// Adds what lies in a tile.
Result<void> draw_points(PointSources sources, const PointsAsked& asked, const map::TileId& tile, map::MvtLayer& layer);

}  // namespace gridward::service
