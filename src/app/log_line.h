#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/observe.h"

namespace gridward::app {

enum class Level { debug, info, warning, error };

/// What the log says of an observation: a sentence for people, and the same as members for machines. Texts are views of the observation.
struct LogLine {
  using Value = std::variant<std::int64_t, double, std::string>;
  Level level;
  const char* event;
  std::string sentence;
  std::vector<std::pair<const char*, Value>> members = {};

  /// As JSON, with the time in seconds since 1970.
  [[nodiscard]] std::string json(double time) const;
};

/// How loud an observation is.
[[nodiscard]] Level level_of(const Observation& observation);
[[nodiscard]] LogLine log_line(const Observation& observation);

}  // namespace gridward::app
