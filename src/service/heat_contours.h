#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "geo/contours.h"
#include "service/heat.h"

namespace gridward::service {

/// The surface of a cell between (or at) breaks. Points are in degrees: x is the longitude.
struct HeatContours {
  Cell cell;
  std::string map_day;
  std::optional<Period> period;  // none with open_at
  std::shared_ptr<const HeatBandwidth> bandwidth;
  std::size_t count = 0, second_count = 0;  // events in the cell; of what it is compared with
  std::size_t off_map = 0;                  // see HeatEvents
  std::vector<geo::Isoband> bands;  // of one of the two there are none
  std::vector<geo::Isoline> lines;
};

/// Bands tile the land of the cell, but for where a relative risk is masked. `breaks` in order. Fails as make_surface() and make_heat() do.
Result<HeatContours> make_contours(HeatSources& sources, const Principal& who, const HeatAsked& asked, std::span<const double> breaks, bool lines);

}  // namespace gridward::service
