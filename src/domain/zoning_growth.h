#pragma once

#include <vector>

#include "domain/zoning.h"
#include "stats/random.h"

namespace gridward {

/// Puts the units that are in no zone into one: zones without units begin at seeds far from one another, one in each piece of ground while they last, then in
/// those with the most load for each zone; then the lightest zone that can takes a unit beside it that has the longest border with it. What no zone can reach goes to the lightest.
/// Where no unit is free a zone stays empty.
void grow_zones(const ZoningProblem& problem, stats::Random& dice, std::vector<std::size_t>& zone);

/// The connected pieces of the ground: of each unit the number of its piece.
[[nodiscard]] std::vector<std::size_t> ground_pieces(const ZoningProblem& problem);

/// What each zone would have if the zones on its piece of ground were even; the mean of all where a zone spans two pieces or is empty.
[[nodiscard]] std::vector<double> even_loads(const ZoningProblem& problem, const std::vector<std::size_t>& zone);

}  // namespace gridward
