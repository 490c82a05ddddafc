#include "http/cache.h"

namespace gridward::http {
namespace {

constexpr std::size_t kEntry = 500;  // bytes, about, beside body and head

std::size_t weight(const Response& response) { return kEntry + response.head->size() + (response.body ? response.body->size() : 0); }

}  // namespace

bool names_tag(const std::string* if_none_match, const std::string& etag) { return if_none_match != nullptr && if_none_match->find(etag) != std::string::npos; }

std::optional<Response> ResponseCache::find(const std::string& etag) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(etag);
  if (found == index_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->response;
}

ResponseCache::State ResponseCache::state() {
  const std::lock_guard lock(mutex_);
  return {entries_.size(), bytes_, limit_};
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
