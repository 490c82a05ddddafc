#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/day.h"
#include "base/result.h"
#include "http/request.h"

namespace gridward::http {

/// The query of a request, read into typed values. The first value that does not fit is kept as the error.
class Params {
 public:
  explicit Params(const Request& request) : request_(request) {}

  std::string text(std::string_view name);
  std::string needed(std::string_view name);
  /// An ISO day as text, "" if absent.
  std::string day(std::string_view name);
  std::optional<Day> needed_day(std::string_view name);
  std::optional<double> needed_number(std::string_view name, double low, double high);
  std::int64_t integer(std::string_view name, std::int64_t otherwise, std::int64_t low, std::int64_t high);
  bool flag(std::string_view name) { return text(name) == "true"; }

  void refuse(std::string_view name, std::string why);
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  const Request& request_;
  std::optional<Error> error_;
};

}  // namespace gridward::http
