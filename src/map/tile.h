#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "geo/grid_polygon.h"
#include "map/mvt.h"
#include "map/topology.h"
#include "map/zoom_band.h"

namespace gridward::map {

/// The address of a tile: zoom, column from the west, row from the north.
struct TileId {
  int z = 0;
  std::uint32_t x = 0, y = 0;
  friend bool operator==(const TileId&, const TileId&) = default;
};

/// The deepest zoom for which tiles are made.
inline constexpr int kDeepestZoom = 22;
/// What is drawn beyond the edge of a tile, in units, so that borders show no seams.
inline constexpr std::int32_t kTileBuffer = 64;

/// Where a point of the Mercator world falls in a tile, in its units.
[[nodiscard]] geo::GridPoint in_tile(const TileId& tile, Point world);

/// Where a point of the Mercator world falls on the grid of a tile's band.
[[nodiscard]] geo::GridPoint in_band(const TileId& tile, Point world);
/// The north-western and the south-eastern corner of a tile with its buffer, in the Mercator world.
[[nodiscard]] std::pair<Point, Point> world_box(const TileId& tile);

/// West, south, east and north in degrees. One that is not set is nowhere: it touches nothing.
struct DegreeBox {
  double west = 1000, south = 1000, east = -1000, north = -1000;
  [[nodiscard]] bool touches(const DegreeBox& b) const { return west <= b.east && b.west <= east && south <= b.north && b.south <= north; }
  [[nodiscard]] bool nowhere() const { return west > east; }
  void extend(const DegreeBox& b);
};
/// A tile in degrees, with its buffer if that is asked for.
[[nodiscard]] DegreeBox degrees_of(const TileId& tile, bool with_buffer);

/// Adds what of a band's shapes lies in a tile to a layer, a feature for each cell; its id is the cell's. `tags` says what is said of
/// the cell of an area (an index into the topology's areas), or nullptr to leave it out. The band is that of the tile's zoom, or the last one.
void draw_areas(const Topology& topology, const ZoomBand& band, const TileId& tile, const std::function<const Tags*(std::size_t)>& tags, MvtLayer& layer);

/// Adds what of some lines on the grid of a tile's band lies in it, as one feature without an id.
void draw_lines(std::span<const std::span<const geo::GridPoint>> lines, const TileId& tile, const Tags& tags, MvtLayer& layer);

}  // namespace gridward::map
