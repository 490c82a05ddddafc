#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/period.h"
#include "domain/principal.h"
#include "map/heat_field.h"
#include "service/event_points.h"
#include "service/heat_maps.h"
#include "service/known.h"
#include "service/map_cells.h"
#include "storage/database.h"

namespace gridward::service {

/// What surfaces are made with.
struct HeatSources {
  storage::Pool reads;
  MapCells& cells;
  HeatMaps& maps;
  EventPoints& events;
  Known& known;
};

/// How a bandwidth is come by: given; Scott's rule; the greatest leave-one-out likelihood; one for each event by Abramson's rule, from a pilot that is given or Scott's.
enum class BandwidthRule { fixed, scott, likelihood, adaptive };

/// A density surface as it is asked for.
struct HeatAsked {
  std::string cell;  // whose land it covers; empty, of tiles: all that the caller may see
  std::string at;    // the day of the map; empty: the last of the window, or today
  std::string kind;  // hazard, inspection, patrol, accident
  PeriodAsked period;
  std::string open_at;                  // of hazards: open on this day, instead of found in the window
  std::string source, grade, category;  // of hazards; empty: all
  BandwidthRule rule = BandwidthRule::scott;
  std::optional<double> bandwidth;  // metres: with `fixed`, and if wanted as the pilot of `adaptive`
  double major_weight = 1;              // of a major hazard, where a general one has 1
  map::EdgeCorrection correction = map::EdgeCorrection::jones_diggle;
  std::optional<Window> versus;  // less the density of this window, by the same bandwidth
  bool relative = false;         // divided by the density of enterprises, by the same bandwidth (Kelsall and Diggle 1995): the relative risk surface
  double least_base = 5;         // enterprises that there must be within the reach of a kernel for that: see least_base_density()

  [[nodiscard]] bool of_two() const { return relative || versus.has_value(); }
};

/// The density of enterprises, by km², below which a relative risk is masked: so many of them on 4πh² m², the area that a Gaussian kernel of bandwidth h averages over.
[[nodiscard]] double least_base_density(double enterprises, double bandwidth);

/// The days of a surface in a district, and its events.
struct HeatGround {
  District district;
  Period period;
  std::string map_day;
  std::string since;  // the first of the days up to that one on which its map is the same; empty: its map begins later
  HeatFilter filter;
  std::optional<HeatFilter> second;  // what it is compared with: events of another window, or enterprises
};
[[nodiscard]] HeatGround heat_ground(const HeatAsked& asked, const District& district, const Outline& outline);

/// What a surface is made of.
struct HeatParts {
  std::shared_ptr<const HeatRegion> region;
  std::shared_ptr<const HeatEvents> events, second;  // what it is compared with; null where that is nothing
  std::shared_ptr<const HeatBandwidth> bandwidth;    // the same for both
};
/// rule_violated where the cell has no shape or the bandwidth cannot be chosen.
Result<HeatParts> find_parts(HeatSources& sources, const HeatGround& ground, std::int64_t cell, const HeatAsked& asked);

/// What a surface says where the one density and the other are so much: the one, their difference, or their ratio; NaN where the base of that is less than `least_base`.
[[nodiscard]] double combined(const HeatAsked& asked, double least_base, double density, double second);

/// The surface over a cell, to be read at any place, and what it follows from.
struct HeatSurface {
  HeatParts parts;
  std::shared_ptr<const map::Field> density, second;  // by km²
  double least_base = 0;                              // likewise

  /// NaN where it is masked.
  [[nodiscard]] double at(const HeatAsked& asked, double x, double y) const { return combined(asked, least_base, density->at(x, y), second ? second->at(x, y) : 0); }
};
/// invalid_argument where its lattice would be too large; else as find_parts().
Result<HeatSurface> make_surface(HeatSources& sources, const HeatGround& ground, std::int64_t cell, const HeatAsked& asked);

/// A raster around the land of a region, pixels from its north-west corner; with a margin of so many on each side. `most`: how many pixels it may have; beyond them an error for the
/// parameter from which the spacing follows, which is so many times the spacing.
Result<map::Raster> raster_around(const HeatRegion& region, double spacing, double margin, double most, const char* parameter, double times);

}  // namespace gridward::service
