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

/// Writes a folder as import reads it: maps, lists and a recipe for each district, and `truth.csv` with what the events were drawn from, by village:
/// its enterprises, the hazards that the public is expected to report in a year, how many times as dangerous as others it is (risk), the hazards
/// expected of a completed visit (of those that were made; a joint one is one), and the part of the deadlines that are kept. The same seed gives the
/// same files.
/// Throws std::runtime_error when the folder cannot be written.
void simulate(const std::filesystem::path& folder, const SimulateOptions& options, const Watcher& progress);

}  // namespace gridward::service
