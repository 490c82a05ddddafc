#pragma once

#include <deque>
#include <functional>

#include "service/notices.h"

namespace gridward::service {

/// The last of the notices in memory, so that all who follow them are told from there; who is further behind is told from the database. While
/// nobody asks, nothing is read. Of one thread.
class NoticeTail {
 public:
  explicit NoticeTail(storage::Pool pool) : pool_(std::move(pool)) {}

  /// Numbers what waits.
  Result<void> advance();
  /// What there is, as of the last advance.
  [[nodiscard]] const NoticeSpan& span() const { return span_; }
  /// Visits the notices after a number in their order, until `visit` wants no more or some hundreds were seen. Returns the number of the last that was visited.
  Result<std::int64_t> visit_after(std::int64_t after, const std::function<bool(const Notice&)>& visit);

 private:
  Result<void> catch_up();

  storage::Pool pool_;
  NoticeSpan span_;
  std::deque<Notice> recent_;
};

}  // namespace gridward::service
