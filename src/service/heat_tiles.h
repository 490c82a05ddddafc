#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/colour_scale.h"
#include "domain/principal.h"
#include "map/picture.h"
#include "service/heat_surface.h"

namespace gridward::service {

/// A tile of density as PNG: over each district, or each part of one, that the caller may see its own surface, transparent where there is none. `gcj02`: moved, for display.
Result<std::string> make_heat_tile(HeatSources& sources, const Principal& who, const HeatAsked& asked, const ColourScale& scale, const map::TileId& tile, std::size_t side, bool gcj02);

/// One surface of a layer.
struct HeatPart {
  Cell cell;
  std::string map_day;
  std::optional<Period> period;  // none with open_at
  std::shared_ptr<const HeatBandwidth> bandwidth;  // null where none can be chosen
  std::size_t count = 0;  // of events in the cell
  std::size_t off_map = 0;  // see HeatEvents
  double weight = 0;      // of them
  std::optional<std::size_t> second_count;  // of events of the other window, or of enterprises
  std::string nothing;    // why nothing is drawn then
};
struct HeatDescription {
  map::DegreeBox bounds;  // around all of them; nowhere, if there is none
  bool synthetic = false;
  std::vector<HeatPart> parts;
};
/// What the tiles of a layer show to the caller.
Result<HeatDescription> describe_heat(HeatSources& sources, const Principal& who, const HeatAsked& asked);

}  // namespace gridward::service
