#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "service/period_figures.h"

namespace gridward::service {

/// A figure of a signed assessment that a plan would alter: as signed, and as known now without and with the plan. One that is missing is not there.
struct AlteredFigure {
  PeriodFigure whose;
  std::optional<Figure> as_signed, before, after;
};
struct AlteredAssessment {
  std::string document;  // JSON
  std::size_t count = 0;
  std::vector<AlteredFigure> figures;  // the first of them
};
struct PlanAlters {
  std::vector<AlteredAssessment> assessments;
  std::int64_t hidden = 0;  // how many more, beyond the caller's area
};

/// Which figures of signed assessments a plan would alter by what it corrects of days that have passed: it is carried out as an application would, the figures are counted
/// again, and it is rolled back. A plan that changes no day of a signed assessment is not even carried out.
Result<PlanAlters> find_alters(storage::Pool& reads, storage::Pool& writes, FigureSources& sources, const Principal& who, const std::string& id);

}  // namespace gridward::service
