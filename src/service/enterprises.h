#pragma once

#include <string>

#include "base/result.h"
#include "service/figures.h"
#include "service/page.h"
#include "service/scope.h"

namespace gridward::service {

/// Which enterprises: those of a day, or (with `from` and `to`) those that a figure of that window counts.
struct EnterpriseFilter {
  RecordsAsked records;
  std::string at, q, industry;
  std::int64_t risk_grade = 0;
  std::string counted;  // what they are counted for; empty: active on the last day of the window
  std::string visits;   // by which kind of visits: inspection or patrol
  bool phones = false;
  std::int64_t after = 0;
  int limit = 100;
};

/// Enterprises by id, as JSON documents. With a window, `counts` is the part of each in the sum that the figure has.
Result<Page> list_enterprises(FigureSources& sources, const Principal& who, const EnterpriseFilter& filter);

}  // namespace gridward::service
