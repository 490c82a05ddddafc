#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/cell.h"
#include "domain/period.h"

namespace gridward {

/// A number that explains itself. Without a value it has a reason, and never the other way round.
struct Figure {
  std::optional<double> value;
  std::string unit;
  double numerator = 0;
  std::optional<double> denominator;
  std::string denominator_unit;
  std::optional<double> low, high;
  std::string reason;
  std::string detail;        // what else a measure tells, as a JSON object; or empty
  std::string records;       // link to what the numerator counts
  std::string base_records;  // link to what the denominator counts, where it counts something
};

struct FigureRow {
  Cell cell;  // of an "unplaced" row only the district is known
  std::vector<std::pair<std::string, Figure>> figures;
};

struct FigureTable {
  std::vector<FigureRow> rows;
  std::vector<FigureRow> direct;  // what lies in a cell but in none of its children
  std::optional<FigureRow> unplaced;
  std::string version;
  std::string as_of;  // the map day, or empty for as_was
  Period period;
};

}  // namespace gridward
