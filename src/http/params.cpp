#include "http/params.h"

#include <charconv>

namespace gridward::http {

void Params::refuse(std::string_view name, std::string why) {
  if (!error_) error_ = Error::field(std::string(name), std::move(why));
}

std::string Params::text(std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& [key, value] : request_.query) {
    if (key != name) continue;
    if (found != nullptr) refuse(name, "is given twice");
    found = &value;
  }
  return found == nullptr ? "" : *found;
}

std::string Params::needed(std::string_view name) {
  std::string value = text(name);
  if (value.empty()) refuse(name, "is needed");
  return value;
}

std::string Params::day(std::string_view name) {
  std::string value = text(name);
  if (!value.empty() && !parse_day(value)) refuse(name, "must be a day such as 2024-05-31");
  return value;
}

std::optional<Day> Params::needed_day(std::string_view name) {
  const auto day = parse_day(needed(name));
  if (!day) refuse(name, "must be a day such as 2024-05-31");
  return day;
}

std::optional<double> Params::needed_number(std::string_view name, double low, double high) {
  const std::string value = needed(name);
  double number = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (ec != std::errc{} || end != value.data() + value.size() || !(number >= low && number <= high)) {
    refuse(name, "must be a number from " + std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
  }
  return number;
}

std::int64_t Params::integer(std::string_view name, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
  const std::string value = text(name);
  if (value.empty()) return otherwise;
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (ec != std::errc{} || end != value.data() + value.size() || number < low || number > high)
    refuse(name, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return number;
}

}  // namespace gridward::http
