#include "http/cache.h"

namespace gridward::http {
namespace {

std::size_t weight(const Response& response) { return 500 + (response.body ? response.body->size() : 0); }

}  // namespace

std::optional<Response> ResponseCache::find(const std::string& etag) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(etag);
  if (found == index_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->response;
}

void ResponseCache::put(const std::string& etag, const Response& response) {
  const std::lock_guard lock(mutex_);
  if (weight(response) > limit_ / 8 || index_.contains(etag)) return;
  entries_.push_front({etag, response});
  index_.emplace(etag, entries_.begin());
  bytes_ += weight(response);
  while (bytes_ > limit_) {
    bytes_ -= weight(entries_.back().response);
    index_.erase(entries_.back().etag);
    entries_.pop_back();
  }
}

}  // namespace gridward::http
