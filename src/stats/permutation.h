#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/weights.h"

namespace gridward::stats {

/// Which ends of a reference distribution count against chance.
enum class Tail {
  two_sided,  // both: twice the smaller one
  directed,   // the one on whose side the value lies, as esda and GeoDa have it: half as large, so too small for a false discovery rate
};

/// Of P values made by chance, those at least and those at most as large as the observed one. What differs by rounding only is a tie,
/// and counts in both.
struct Tails {
  std::uint32_t above = 0, below = 0;
};

/// The pseudo p-value (R + 1)/(P + 1), R the smaller of the two counts; two-sided twice that, at most 1.
[[nodiscard]] double permutation_p(const Tails& tails, int permutations, Tail tail);

/// The fewest permutations with which a single area of n could pass the Benjamini-Hochberg procedure at a level: the smallest p,
/// 2/(P + 1), must be at most level/n.
[[nodiscard]] int permutations_for(std::size_t n, double level, Tail tail = Tail::two_sided);

/// p-values adjusted for the false discovery rate of their number (Benjamini and Hochberg 1995): those at most q make a set of which a
/// share q at most is expected to be false.
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);

struct Permuting {
  int permutations = 999;
  std::uint64_t seed = 1;
  unsigned threads = 0;  // 0: as many as the machine has; the result does not depend on it
};

/// Conditional permutation (Anselin 1995): where does Σ w_ij x_j over the neighbours of each area i, itself left out, stand among sums over
/// as many other areas drawn at random without replacement, x_i being held? Draws are made anew for each area, as random streams (seed, i).
/// Both local Moran's I and Gi* rise (or fall) with that sum, so the tails are theirs. An area without neighbours ties always.
[[nodiscard]] std::vector<Tails> permute_neighbours(std::span<const double> x, const Weights& weights, const Permuting& how);

/// Where Σ_ij w_ij x_i x_j stands among the sums after shuffling all values, random streams (seed, permutation): for global Moran's I.
[[nodiscard]] Tails permute_all(std::span<const double> x, const Weights& weights, const Permuting& how);

}  // namespace gridward::stats
