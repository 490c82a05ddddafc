#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "service/figures.h"
#include "service/foreseen.h"

namespace gridward::service {

/// The figures of a touched cell before and after a plan; one of them is missing for a cell that begins or ends with it.
struct ComparedCell {
  std::optional<FigureRow> before, after;
};

/// What a plan would change, on the map of its day.
struct PlanComparison {
  Period period;
  std::string as_of;  // the plan's day
  std::vector<ComparedCell> rows;
  std::vector<ComparedLoad> loads;  // of who has a cell in the caller's area before or after
  ForeseenPtr foreseen;             // problems, effects, who is affected
};

/// Compares the figures of the cells of a level that a plan touches before and after it, as of its day, and the loads of those who visit there: it is carried out with
/// what is scheduled before it, looked at, and rolled back, once for all windows that are asked for (ForeseenPlans). Of `asked`, measures, level and period are taken. A
/// cell outside the caller's area is left out.
Result<PlanComparison> compare_reassignment(storage::Pool& writes, FigureSources& sources, ForeseenPlans& plans, const Principal& who, const std::string& id, FiguresAsked asked);

}  // namespace gridward::service
