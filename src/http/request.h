#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gridward::http {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// One request, whole and free of the framework. Path and query are percent-decoded once.
struct Request {
  std::string method;
  std::string target;                 // as sent
  std::vector<std::string> segments;  // of the path, decoded
  Pairs query;                        // decoded, in order
  Pairs headers;                      // names in lower case
  std::string body;
  std::string client;
  bool keep_alive = true;
  std::chrono::steady_clock::time_point arrived;  // when it was whole
  std::stop_token left;                           // stops when the client has gone

  /// The first header of a lower-case name, or nullptr.
  [[nodiscard]] const std::string* header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return &value;
    return nullptr;
  }
  /// Whether it asks only, by its method.
  [[nodiscard]] bool reads() const { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }
};

struct ChangeStream;

struct Response {
  int status = 200;
  Pairs headers;
  std::shared_ptr<const std::string> body;  // shared with the cache
  std::shared_ptr<const std::string> head;  // of an answer that is kept: what write_head() made of it, and `headers` are those that it gets each time
  std::shared_ptr<ChangeStream> stream;     // of an answer that does not end with its body (http/change_streams): shared with who goes on with it
};

}  // namespace gridward::http
