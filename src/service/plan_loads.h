#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/map_cells.h"
#include "service/rosters.h"
#include "service/workload.h"

namespace gridward::service {

/// Someone's load in a post before and after a plan; one is missing for who has the post on one side only.
struct ComparedLoad {
  std::optional<Carrier> before, after;
};

/// The load of everyone who visits in a district, in the year from the day of a plan on, before and after it.
struct PlanLoads {
  WorkMinutes minutes;
  DaySpan window;
  std::vector<ComparedLoad> people;  // by post and person
  std::map<std::string, std::pair<stats::Spread, stats::Spread>> spread;  // by post, before and after
};

/// What the loads of a district are reckoned from on one side.
struct LoadGround {
  MapCells::Ptr cells;
  const Roster* roster = nullptr;
  const std::unordered_map<std::int64_t, Enterprise>* changed = nullptr;  // after: enterprises that are otherwise then
  std::map<std::int64_t, std::int64_t> open_hazards;                     // by leaf
  HeldPosts held;
};

/// Reckons both sides for the year from a day on (YYYY-MM-DD).
[[nodiscard]] PlanLoads compare_loads(const LoadGround& before, const LoadGround& after, const WorkMinutes& minutes, const std::string& day);

}  // namespace gridward::service
