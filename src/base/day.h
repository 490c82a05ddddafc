#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gridward {

/// A local calendar day of a district.
using Day = std::chrono::sys_days;

/// Parses `YYYY-MM-DD`; nullopt when it is not such a day (2023-02-29, 2023-1-1 or trailing text).
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);
/// `YYYY-MM-DD`.
[[nodiscard]] std::string to_string(Day day);

/// A half-open span of days [from, to).
struct Window {
  Day from;
  Day to;
  friend bool operator==(const Window&, const Window&) = default;
};

/// A half-open validity; a missing end is open.
struct Validity {
  std::optional<Day> from;
  std::optional<Day> to;
  friend bool operator==(const Validity&, const Validity&) = default;
};

}  // namespace gridward
