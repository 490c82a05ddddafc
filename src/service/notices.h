#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/principal.h"
#include "storage/database.h"

namespace gridward::service {

/// What is told of a write, under a number: whoever was told of one number will not be told of a smaller one later.
struct Notice {
  std::int64_t id = 0, district = 0;
  std::int64_t account = 0;  // whom alone it is for; 0: all who may see it
  std::string topic;         // such as hazard.create: what, and what was done
  bool at_large = false;     // it is of the district at large, not of a place in it
  std::vector<std::int64_t> areas;  // the cells in which it lies, and those above them
  std::string doc;           // as it is told, one line of JSON
};

/// Which notices one wants.
struct NoticeFilter {
  std::int64_t district = 0;        // 0: any
  std::vector<std::string> topics;  // "hazard" or "hazard.create"; empty: all
};

[[nodiscard]] bool wanted(const NoticeFilter& filter, const Notice& notice);

/// Whether somebody may be told: who may see the place, or anything of the district where it is of no place.
[[nodiscard]] bool may_see(const Principal& who, const Notice& notice);

/// What there is: the number of the last notice, and of the last that is no longer kept.
struct NoticeSpan {
  std::int64_t last = 0, kept_after = 0;
};

/// Numbers what waits in the outbox, unless another server is at it. Returns what there is then.
Result<NoticeSpan> number_notices(storage::Pool& pool);

/// Up to `limit` notices after a number, in their order.
Result<std::vector<Notice>> read_notices(storage::Pool& pool, std::int64_t after, int limit);

/// Forgets notices that are older than some days, ten thousand at most.
Result<void> forget_notices(storage::Pool& pool, std::chrono::days kept);

}  // namespace gridward::service
