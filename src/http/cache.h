#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "http/request.h"

namespace gridward::http {

/// Whether If-None-Match (null: there is none) names a tag.
[[nodiscard]] bool names_tag(const std::string* if_none_match, const std::string& etag);

/// Answers by their ETag. A tag names versions, caller and request, so nothing in here is ever stale and nothing is purged: what was
/// used longest ago goes when it is full.
class ResponseCache {
 public:
  explicit ResponseCache(std::size_t bytes) : limit_(bytes) {}
  [[nodiscard]] std::optional<Response> find(const std::string& etag);
  /// Keeps an answer whose head is written.
  void put(const std::string& etag, const Response& response);
  struct State {
    std::size_t answers, bytes, limit;
  };
  [[nodiscard]] State state();

 private:
  struct Entry {
    std::string etag;
    Response response;
  };
  const std::size_t limit_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // the latest used first
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
  std::size_t bytes_ = 0;
};

}  // namespace gridward::http
