#pragma once

#include <cstdint>
#include <filesystem>

#include "base/advance.h"

namespace gridward::service {

/// What the simulator makes: districts like 示范区, in a province that does not exist (99), on open water.
struct SimulateOptions {
  std::uint64_t seed = 990101;
  int districts = 1;
  int enterprises = 3000;  // a district
};

/// Writes a folder as import reads it: maps, lists and a recipe for each district, and `truth.csv` with the rates that the events
/// were drawn from (hazards found by public report in a year, by village) and how many times as dangerous as others each village is. The
/// same seed gives the same files.
/// Throws std::runtime_error when the folder cannot be written.
void simulate(const std::filesystem::path& folder, const SimulateOptions& options, const Watcher& progress);

}  // namespace gridward::service
