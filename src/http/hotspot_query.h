#pragma once

#include "base/result.h"
#include "http/contract.h"
#include "service/hotspots.h"

namespace gridward::http {

/// How neighbours are told: `contiguity`, `min_shared_m`, `distance_m`.
Result<service::Linking> read_linking(const Input& parameters);

/// How hot spots are looked for, beside the figures: `statistic`, `rates`, neighbours, `permutations`, `seed`, `fdr`, `at`.
Result<service::HotspotsAsked> read_hotspots_asked(const Input& parameters);

/// The one measure that is looked at: fails where there is none of this name.
Result<std::string> read_measure(const Input& parameters);

}  // namespace gridward::http
