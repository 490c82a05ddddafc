#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

struct Hazard {
  std::string id, found_on;
  std::int64_t enterprise = 0, cell = 0;
  std::string rule;
  std::optional<double> lon, lat;
  std::string external_id, source, grade, category, due_on, rectified_on, closed_on;
};

struct HazardFilter {
  std::int64_t district = 0;
  std::string cell, from, to, open_at, source, grade;
  std::string after_day, after_id;
  bool direct = false;
  int limit = 100;
};

/// Hazards by day and id, of a cell at any level of the chain that they were stamped with.
Result<std::vector<Hazard>> list_hazards(storage::Pool& pool, const Principal& who, const HazardFilter& filter);

/// Records a hazard; `row` is JSON with the columns of its table. The place must be in the caller's area.
Result<void> record_hazard(storage::Pool& pool, const Principal& who, std::int64_t district, const Hazard& hazard,
                           const std::string& row);

}  // namespace gridward::service
