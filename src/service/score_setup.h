#pragma once

#include <string>
#include <vector>

#include "domain/score.h"
#include "storage/database.h"

namespace gridward::service {

/// A rule of the score as it is configured.
struct SetRule {
  ScoreRule rule;
  bool own = false;   // the district's; else the general one, an assumption
  std::string since;  // the day from which it holds; empty: always
};

/// How key regions are ranked in a district on a day.
struct ScoreSetup {
  std::vector<SetRule> rules;  // those with a weight
  ScoreFloors floors;
  std::string day;
};

/// Reads the rules and floors that hold in a district on a day, as known at an instant (empty: now).
ScoreSetup read_score_setup(storage::Tx& tx, std::int64_t district, const std::string& day, const std::string& known_at);

}  // namespace gridward::service
