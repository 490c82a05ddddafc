#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "domain/cell.h"
#include "domain/period.h"
#include "geo/local_plane.h"
#include "map/heat_field.h"
#include "map/snapshot.h"
#include "map/tile.h"
#include "service/event_points.h"
#include "service/kept.h"
#include "storage/database.h"

namespace gridward::service {

/// Which events a surface is made of; or of the kind `enterprise`, the enterprises that are there on the last day of the window.
struct HeatFilter : PointFilter {
  double major_weight = 1;  // of a major hazard, where a general one has 1
};

/// The land of a cell, with a plane of metres around its middle. Immutable.
struct HeatRegion {
  map::DegreeBox box;
  geo::LonLat middle;
  std::vector<map::Polygon> outline;  // in degrees
  std::vector<map::Polygon> land;     // in the plane
  map::Snapshot inside;
  map::Point low, high;  // of the land

  /// Of the calling thread alone.
  [[nodiscard]] geo::LocalPlane plane() const { return geo::LocalPlane(middle); }
};

/// The events of a filter that lie in a region, on its border too, in its plane.
struct HeatEvents {
  std::vector<map::WeightedPoint> points;
  double weight = 0;
  std::size_t off_map = 0;  // events that are assigned to the cell, by the map of their own day, and lie on no land of it: they have no place, or one beyond its border
};

/// A bandwidth in metres; with one for each event that of the pilot, and theirs.
struct HeatBandwidth {
  double metres = 0;
  std::vector<double> each;  // in the order of events
};

/// What surfaces are made from. All of it is kept by version, made once and never stale: regions and what follows from them by that of the map, events and their
/// surfaces by that of the data.
class HeatMaps {
 public:
  /// A cell on a span of days on which the map does not change.
  struct Land {
    const District& district;
    std::int64_t cell = 0;
    std::string since;  // the first of the days
  };

  HeatMaps();
  /// rule_violated where the cell has no shape.
  Result<std::shared_ptr<const HeatRegion>> region(storage::Pool& pool, const Land& land);
  /// Its outline in degrees of GCJ-02.
  std::shared_ptr<const std::vector<map::Polygon>> gcj02_outline(const HeatRegion& region, const Land& land);
  Result<std::shared_ptr<const HeatEvents>> events(storage::Pool& pool, EventPoints& points, const HeatRegion& region, const Land& land, const HeatFilter& filter);
  /// The bandwidth of a surface; `asked` as for surface().
  Result<std::shared_ptr<const HeatBandwidth>> bandwidth(const District& district, const std::string& asked, const std::function<Result<HeatBandwidth>()>& make);
  /// The part of a kernel that is inside, on the lattice of a bandwidth.
  std::shared_ptr<const map::Field> part_inside(const HeatRegion& region, const Land& land, const map::Raster& lattice, double bandwidth);
  /// A surface on that lattice; `asked`: all that it follows from beside the district's data.
  std::shared_ptr<const map::Field> surface(const District& district, const std::string& asked, const std::function<map::Field()>& make);
  /// By name: regions, outlines in GCJ-02, events, bandwidths, the parts of kernels inside, surfaces.
  [[nodiscard]] std::vector<std::pair<const char*, std::function<KeptState()>>> kept();

 private:
  Kept<HeatRegion> regions_;
  Kept<std::vector<map::Polygon>> moved_;
  Kept<HeatEvents> events_;
  Kept<HeatBandwidth> bandwidths_;
  Kept<map::Field> parts_, surfaces_;
};

/// How a land and a filter are named among what is kept.
[[nodiscard]] std::string name_of(const HeatMaps::Land& land);
[[nodiscard]] std::string name_of(const HeatFilter& filter);

}  // namespace gridward::service
