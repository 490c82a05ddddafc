#include "service/notice_tail.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gridward::service {
namespace {

constexpr int kPage = 500;
constexpr std::size_t kRecent = 2000;

/// The number of the last that was visited.
template <class Notices>
std::int64_t visit_from(const Notices& notices, std::size_t first, std::int64_t after, const std::function<bool(const Notice&)>& visit) {
  for (std::size_t i = first; i < notices.size() && i < first + kPage; ++i) {
    if (!visit(notices[i])) break;
    after = notices[i].id;
  }
  return after;
}

}  // namespace

Result<void> NoticeTail::advance() {
  const auto span = number_notices(pool_);
  if (!span) return fail(span.error());
  span_ = *span;
  return {};
}

/// Reads what is new into memory.
Result<void> NoticeTail::catch_up() {
  const std::int64_t worth = span_.last - static_cast<std::int64_t>(kRecent);
  std::int64_t known = recent_.empty() ? worth : recent_.back().id;
  if (known < worth) {  // far behind: only the last are kept
    recent_.clear();
    known = worth;
  }
  while (known < span_.last) {
    auto more = read_notices(pool_, known, kPage);
    if (!more) return fail(more.error());
    if (more->empty()) break;  // no longer kept
    known = more->back().id;
    std::ranges::move(*more, std::back_inserter(recent_));
  }
  while (recent_.size() > kRecent) recent_.pop_front();
  return {};
}

Result<std::int64_t> NoticeTail::visit_after(std::int64_t after, const std::function<bool(const Notice&)>& visit) {
  if (after >= span_.last) return after;
  if (auto ok = catch_up(); !ok) return fail(ok.error());
  if (!recent_.empty() && recent_.front().id <= after + 1) {
    const auto first = std::ranges::upper_bound(recent_, after, {}, &Notice::id);
    return visit_from(recent_, static_cast<std::size_t>(first - recent_.begin()), after, visit);
  }
  const auto page = read_notices(pool_, after, kPage);
  if (!page) return fail(page.error());
  return visit_from(*page, 0, after, visit);
}

}  // namespace gridward::service
