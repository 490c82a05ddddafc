#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/roster.h"
#include "service/figures.h"
#include "service/scope.h"

namespace gridward::service {

/// An enterprise in a list behind a figure.
struct CountedEnterprise {
  double counts = 0;                // its part of the sum that the figure has
  std::optional<DayNumber> due;     // its due day, in lists of what is due
  std::vector<std::string> faults;  // why it is not under effective supervision, in the list of those
};

/// What enterprises can be counted for, as the links of figures name it.
[[nodiscard]] const std::vector<std::string>& counted_names();

/// The enterprises that a figure counts, by id: the same look at the register as the figure's.
Result<std::map<std::int64_t, CountedEnterprise>> counted_enterprises(storage::Tx& tx, FigureSources& sources, const Scope& scope, const RecordsAsked& asked, const std::string& counted,
                                                                     VisitKind kind);

}  // namespace gridward::service
