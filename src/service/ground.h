#pragma once

#include <string>

#include "base/day.h"
#include "base/result.h"
#include "domain/cell.h"
#include "domain/period.h"
#include "domain/principal.h"
#include "service/figures.h"
#include "storage/database.h"

namespace gridward::service {

/// What a request for figures stands on: whose map, as of which day, and the days that are counted.
struct Ground {
  Cell within;
  District district;
  std::string map_day;  // the day of the map that is asked for; empty: each record's own
  Period period;
  Day today{};

  /// The day of the map on which its areas lie side by side: the asked one, else the last of the window.
  [[nodiscard]] std::string neighbours_day() const { return map_day.empty() ? to_string(period.window.to - std::chrono::days{1}) : map_day; }
};

/// Settles them: the caller may see the cell, which lived in the window (as_was) or ever; the map begins before its day. Not found, forbidden
/// or rule_violated otherwise.
Result<Ground> find_ground(storage::Tx& tx, const Principal& who, const FiguresAsked& asked);
/// The same for a district as a whole; what of it the caller may see is left to who asks. rule_violated where its map begins later.
Result<Ground> district_ground(const District& district, const FiguresAsked& asked);

}  // namespace gridward::service
