#pragma once

#include <functional>
#include <memory>
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

  /// The first header of a lower-case name, or nullptr.
  [[nodiscard]] const std::string* header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return &value;
    return nullptr;
  }
};

struct Response {
  int status = 200;
  Pairs headers;
  std::shared_ptr<const std::string> body;
};

/// Answers a request; called on a worker thread, must not throw.
using Handler = std::function<Response(Request)>;

}  // namespace gridward::http
