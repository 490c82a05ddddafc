#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "service/figures.h"

namespace gridward::service {

/// The figures of a touched cell before and after a plan; one of them is missing for a cell that begins or ends with it.
struct ComparedCell {
  std::optional<FigureRow> before, after;
};

/// What a plan would change, on the map of its day.
struct PlanComparison {
  Period period;
  std::string as_of;              // the plan's day
  std::vector<ComparedCell> rows;
  std::string problems;           // a JSON array; the comparison is of what could be carried out
  std::string effects;            // a JSON object: enterprises, open hazards and cases that change hands, posts with their holders
};

/// Compares the figures of the cells of a level that a plan touches before and after it, as of its day: it is carried out with what is scheduled before it, looked at,
/// and rolled back. Of `asked`, measures, level, period and filters are taken. A cell outside the caller's area is left out.
Result<PlanComparison> compare_reassignment(storage::Pool& writes, FigureSources& sources, const Principal& who, const std::string& id, FiguresAsked asked);

}  // namespace gridward::service
