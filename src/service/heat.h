#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "map/surface.h"
#include "service/heat_surface.h"

namespace gridward::service {

/// A density as a raster, and all that it follows from.
struct Heat {
  Cell cell;
  std::string map_day;
  std::optional<Period> period;  // none with open_at
  std::shared_ptr<const HeatBandwidth> bandwidth;
  std::string plane;  // as PROJ names it
  map::Raster raster;
  map::DegreeBox bounds;
  std::vector<double> values;  // events (or weights) per km², the difference of two windows, or events per enterprise; rows from the north; NaN outside the cell and where the base is thin
  double area_km2 = 0;          // of the cell on the raster
  std::size_t count = 0;        // of events in the cell
  std::size_t off_map = 0;      // see HeatEvents
  double weight = 0;            // of them
  std::optional<std::size_t> second_count;  // of events of the other window, or of enterprises
  std::optional<double> integral;           // of the density, or of the difference, over the cell
};

/// The surface of a cell, on pixels of so many metres (none: a quarter of the bandwidth). Fails where the cell has no shape on the day (rule_violated), Scott's rule has too few
/// places, or the raster would have more pixels than a million.
Result<Heat> make_heat(HeatSources& sources, const Principal& who, const HeatAsked& asked, std::optional<double> spacing);

/// The cell that is asked for, with its days. Not found, or forbidden outside the caller's subtree.
struct HeatPlace {
  Cell cell;
  HeatGround ground;
};
Result<HeatPlace> find_heat_place(HeatSources& sources, const Principal& who, const HeatAsked& asked, const Known::State& state);

}  // namespace gridward::service
