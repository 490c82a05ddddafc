#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/principal.h"
#include "service/findings.h"
#include "service/plan_alters.h"
#include "storage/database.h"

namespace gridward::service {

/// How many findings there are, by kind.
using FindingCounts = std::map<std::string, std::int64_t>;

/// What a plan would make of the findings of its day, told apart by their keys.
struct ChangedFindings {
  std::vector<Finding> fresh, solved;  // found after it only, before it only; the first of them, by severity
  FindingCounts fresh_counts, solved_counts, standing_counts;
};

/// A plan as it was carried out, and rolled back.
struct PlanValidation {
  std::int64_t district = 0;
  std::string at;        // its day
  std::string problems;  // a JSON array
  bool applicable = false;
  ChangedFindings findings;  // on the map that is foreseen for the day, against that which is known now of it
  PlanAlters alters;         // of what has been signed
};

/// What stands in the way of a plan: it is carried out on the map that is foreseen for its day, validated there, and rolled back. Of findings those that the caller may see. Which
/// figures of signed assessments it would alter is told too.
Result<PlanValidation> validate_reassignment(storage::Pool& reads, storage::Pool& writes, FigureSources& sources, KeptFindings& kept, const Principal& who, const std::string& id);

}  // namespace gridward::service
