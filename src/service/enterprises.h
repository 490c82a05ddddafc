#pragma once

#include <string>

#include "base/result.h"
#include "service/scope.h"
#include "service/write.h"

namespace gridward::service {

/// Which enterprises: those of a day, or (with `from` and `to`) those that a figure of that window counts.
struct EnterpriseFilter {
  RecordsAsked records;
  std::string at, q, industry;
  std::int64_t risk_grade = 0;
  std::string counted;  // active, inspected, patrolled, exposed
  bool phones = false;
  std::int64_t after = 0;
  int limit = 100;
};

/// Enterprises by id, as JSON documents. With a window, `exposure` is the part of it that each was active there.
Result<Page> list_enterprises(storage::Pool& pool, const Principal& who, const EnterpriseFilter& filter);

}  // namespace gridward::service
