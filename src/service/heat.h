#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/period.h"
#include "domain/principal.h"
#include "geo/local_plane.h"
#include "map/surface.h"
#include "map/tile.h"
#include "storage/database.h"

namespace gridward::service {

/// A density surface as it is asked for.
struct HeatAsked {
  std::string cell;   // whose land it covers
  std::string at;     // the day of the map; empty: the last of the window, or today
  std::string kind;   // hazard, inspection, patrol, accident
  PeriodAsked period;
  std::string open_at;                   // of hazards: open on this day, instead of found in the window
  std::string source, grade, category;   // of hazards; empty: all
  std::optional<double> bandwidth;       // metres; none: by Scott's rule
  std::optional<double> spacing;         // of the raster in metres; none: a quarter of the bandwidth
  double major_weight = 1;               // of a major hazard, where a general one has 1
  map::EdgeCorrection correction = map::EdgeCorrection::jones_diggle;
};

/// A density of events, and all that it follows from.
struct Heat {
  Cell cell;
  std::string map_day;
  std::optional<Period> period;  // none with open_at
  double bandwidth = 0;          // metres
  bool by_scott = false;
  std::string plane;  // as PROJ names it
  map::Raster raster;
  map::DegreeBox bounds;
  std::vector<double> density;  // events (or weights) per km², rows from the north; NaN outside the cell
  double area_km2 = 0;          // of the cell on the raster
  std::size_t count = 0;        // of events in the cell
  double weight = 0;            // of them
  double integral = 0;          // of the density over the cell
};

/// The density surface of a cell. Fails where the cell has no shape on the day (rule_violated), Scott's rule has too few places, or the raster would have more pixels than a million.
Result<Heat> make_heat(storage::Pool& pool, const Principal& who, const HeatAsked& asked);

}  // namespace gridward::service
