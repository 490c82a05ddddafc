#pragma once

#include <string>
#include <utility>
#include <vector>

namespace gridward {

/// What went wrong, without a word of HTTP; http/problem.cpp gives each its status and title.
enum class Errc {
  invalid_argument,
  rule_violated,
  unauthenticated,
  forbidden,
  not_found,
  method_not_allowed,
  not_acceptable,
  conflict,
  precondition_required,
  precondition_failed,
  too_large,
  unsupported_media,
  too_many_requests,
  unavailable,
  timeout,
  internal,
};

/// One field that was refused, and why. Safe to show.
struct FieldError {
  std::string field;
  std::string detail;
};

/// A failure that the caller should handle. `detail` is this case, safe to show, and says what to do.
struct Error {
  Errc code = Errc::internal;
  std::string detail;
  std::vector<FieldError> fields = {};

  /// Shorthand for one refused field.
  static Error field(std::string name, std::string why) {
    return Error{Errc::invalid_argument, name + ": " + why, {FieldError{std::move(name), std::move(why)}}};
  }
};

}  // namespace gridward
