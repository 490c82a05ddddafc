#pragma once

#include <cstddef>
#include <vector>

#include "domain/zoning.h"
#include "stats/random.h"

namespace gridward {

/// Lowers the objective of a plan in which every unit is in a zone, as balance_zones() says. Returns how many steps it took.
std::size_t improve_zones(const ZoningProblem& problem, const ZoningOptions& options, stats::Random& dice, std::vector<std::size_t>& zone);

}  // namespace gridward
