#pragma once

#include "service/region_scores.h"

namespace gridward::service {

/// Why an area has its score: a sentence for each component that gives it points and of which anything was counted, the greatest part first.
[[nodiscard]] std::vector<RegionReason> reasons_of(const RegionScore& area, const Sums& sums);

/// Why an area is not ranked.
[[nodiscard]] RegionReason reason_of(const Standstill& standstill, const ScoreFloors& floors, Day to);

}  // namespace gridward::service
