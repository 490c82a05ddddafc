#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "service/layer.h"
#include "service/tile_joined.h"

namespace gridward::service {

/// Where a tile lies, in degrees: what it can show of storage. One in GCJ-02 shows what lies up to a kilometre beside it.
[[nodiscard]] map::DegreeBox box_of(const map::TileId& tile, bool gcj02);
/// Whether what a layer shows follows from the map of a district alone, not from its data.
[[nodiscard]] bool follows_from_map(std::string_view layer, bool has_measures);

/// A tile with the one layer, only what the caller may see; empty where there is nothing.
Result<std::string> make_tile(TileSources& sources, const Principal& who, const LayerAsked& asked, const map::TileId& tile);

/// A district that a layer shows.
struct LayerDistrict {
  std::int64_t id = 0;
  std::string scheme;
  std::string at;          // the day of its map
  std::string data_until;  // the last day of which it has a record; empty: it has none
  bool synthetic = false;
};
/// A layer as TileJSON describes it.
struct LayerDescription {
  map::DegreeBox bounds;  // around what the caller may see; nowhere, if that is nothing
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<LayerDistrict> districts;
  std::vector<OffMap> off_map;
};
Result<LayerDescription> describe_layer(TileSources& sources, const Principal& who, const LayerAsked& asked);

}  // namespace gridward::service
