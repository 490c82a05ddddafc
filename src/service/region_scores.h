#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/figure_rows.h"
#include "service/key_regions.h"

namespace gridward::service {

/// Why an area is not ranked: ended, no_enterprise, few_enterprises, little_inspection, little_patrol; or empty.
struct Standstill {
  std::string reason;
  double enterprises = 0, visited = 0, in_scope = 0;  // what is below the floor, and of what
  int days = 0;                                       // looked back
};

/// An area in one window.
struct RegionScore {
  std::vector<RegionComponent> components;
  Interval95 score;
  Standstill standstill;
};

/// All areas of an answer in one window.
struct RegionScores {
  Gathered gathered;
  std::vector<std::int64_t> areas;  // by id, in the order of `scores`
  std::vector<RegionScore> scores;
  std::vector<ComponentEvidence> evidence;
  std::map<std::int64_t, std::size_t> index;
};

/// The measures that a score needs of a window.
[[nodiscard]] std::vector<std::string> score_measures(const ScoreSetup& setup);

/// Scores all areas of the level within the cell: `what` is asked for score_measures(). Grades weigh by `weights`; where there are none, as on the window's last day.
RegionScores score_regions(storage::Tx& tx, FigureSources& sources, const Gathering& what, const ScoreSetup& setup, const std::optional<Weights>& weights);

/// The areas that can be ranked, in order; each with its index into `scores`.
struct RegionOrder {
  std::vector<Ranked> order;
  std::size_t level_with_first = 0;
};
[[nodiscard]] RegionOrder order_regions(const RegionScores& scores);

}  // namespace gridward::service
