#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace gridward {

/// How far a long task is.
struct Advance {
  std::string step;         // what it is at: "hazards.csv", "district-002"
  std::int64_t done = 0;    // steps behind it
  std::int64_t total = 0;   // of how many; 0: not known
  std::int64_t rows = 0;    // of this step, where it has rows
};

/// Told of it now and then, on the thread of the task; cheap to call often.
using Watcher = std::function<void(const Advance&)>;

}  // namespace gridward
