#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "service/layer.h"

namespace gridward::service {

/// What a layer says of the cells of a district beside what they are: figures, risk, hot spots or key regions. Made once for all tiles, by data version. It
/// may tell of cells that the caller may not see; hot spots and key regions are looked for among what the caller may see.
Result<std::shared_ptr<const TileMaps::Joined>> joined_to(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked, const LevelMap& level);

/// What it says of a cell that is drawn but has no part in that: it did not live in the window.
[[nodiscard]] map::Tags tags_of_missing(const LayerAsked& asked);

/// The properties of a layer of cells, with their types as TileJSON has them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> joined_fields(const LayerAsked& asked);

/// What a map of cells does not show of a figure: map plus `off_map` is the district, or the part of it that the caller may see.
struct OffMap {
  std::int64_t district = 0;
  std::string measure;
  double on_map = 0, off_map = 0;  // sums of numerators
};
/// Adds up what the map of a district shows of each joined measure, and what it does not: what lies in cells that it does not draw, directly in a cell above
/// them, or nowhere.
Result<std::vector<OffMap>> off_map_of(TileSources& sources, const Principal& who, const Shown& shown, const LayerAsked& asked);

}  // namespace gridward::service
