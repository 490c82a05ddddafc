#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/request.h"

namespace gridward::http {

/// The page and its files, for everyone: made ready once, in each encoding.
class Assets {
 public:
  /// `tile_origins`: where the page may ask for tiles beside our own address (its Content-Security-Policy).
  explicit Assets(const std::vector<std::string>& tile_origins);
  /// The answer to a GET or HEAD of one of them; nothing when the address is not one of theirs.
  [[nodiscard]] std::optional<Response> find(const Request& request) const;
  /// Whether the address of a request is one of theirs.
  [[nodiscard]] bool has(const Request& request) const;

 private:
  struct Variant {
    std::string etag;
    Response whole, unchanged;
  };
  using Variants = std::unordered_map<std::string_view, Variant>;  // by encoding
  std::unordered_map<std::string_view, Variants> assets_;          // by address
};

}  // namespace gridward::http
