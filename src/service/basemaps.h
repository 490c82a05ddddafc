#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "map/tile.h"
#include "storage/database.h"

namespace gridward::service {

/// What is imported to draw maps on: roads, rails, water, land, names of places. It is of no person and no office, so whoever is signed in may see all of it.
struct ImportedBasemap {
  std::int64_t version = 0;  // 0: nothing was ever imported
  map::DegreeBox box;        // around all of it
  std::string credit;        // whose data it is
  bool synthetic = false;    // some of it is made up
  std::vector<std::string> kinds;  // those of which there is something

  [[nodiscard]] bool there() const { return !kinds.empty(); }
};
ImportedBasemap read_imported_basemap(storage::Tx& tx);

/// The deepest zoom that has tiles of its own: deeper ones are as exact, and need not be asked for.
inline constexpr int kBasemapZoom = 14;

/// What a layer of its tiles says of a shape.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> basemap_fields(const std::string& layer);
/// The layers of its tiles, from below to above.
[[nodiscard]] const std::vector<std::string>& basemap_layers();

/// A tile of it; empty where there is nothing. In GCJ-02 a tile is moved as a whole, which is right to a third of a pixel.
Result<std::string> make_basemap_tile(storage::Pool& reads, const map::TileId& tile, bool gcj02);

}  // namespace gridward::service
