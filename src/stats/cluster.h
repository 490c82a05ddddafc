#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>
#include <string_view>

#include "stats/permutation.h"
#include "stats/weights.h"

namespace gridward::stats {

/// What an area is in a map of clusters. "Not significant" was looked at and stands not out; "no data" could not be looked at.
enum class Cluster { not_significant, hot, cold, high_high, low_low, high_low, low_high, island, no_data };

/// As it is told: not_significant, hot, cold, HH, LL, HL, LH, island, no_data.
[[nodiscard]] std::string_view cluster_name(Cluster cluster);

struct ClusterOptions {
  Permuting permuting;     // permutations = 0: p from the normal distribution
  Tail tail = Tail::two_sided;
  double level = 0.05;     // the false discovery rate (Benjamini-Hochberg) at which an area is significant
};

/// Why there is no statistic.
enum class NoStatistic {
  none,       // there is one
  too_few,    // fewer than four areas with data
  no_links,   // no two areas with data are neighbours
  constant,   // all values are the same
};

/// The local statistic of an area.
struct LocalStatistic {
  Cluster cluster = Cluster::no_data;
  Cluster tendency = Cluster::no_data;  // what it would be if it were significant
  std::optional<double> value;          // Gi*: as z; Moran: I
  std::optional<double> z;              // standardised
  std::optional<double> p;              // by permutation, or by z where none was asked for; none for islands
  std::optional<double> p_adjusted;     // for the false discovery rate
};

/// What both kinds of answer say about the areas they come from.
struct Basis {
  NoStatistic reason = NoStatistic::none;
  std::size_t n = 0;                 // areas with data; what has none counts in no mean and is nobody's neighbour
  std::vector<std::size_t> no_data;  // by index
  std::vector<std::size_t> islands;  // with data, but without a neighbour that has some
  bool few_areas = false;            // n < 30: p-values are rough, and so few areas seldom make a cluster
};

struct LocalClusters {
  Basis basis;
  std::vector<LocalStatistic> areas;
  std::size_t significant = 0;
  /// So many areas must have the smallest p there can be before any passes: 1 is best, see permutations_for. 1 without permutations.
  std::size_t fewest_detectable = 1;
};

struct GlobalMoran {
  Basis basis;
  std::optional<double> value;        // I
  double expectation = 0;             // -1/(n-1)
  std::optional<double> variance;     // under randomisation (Cliff and Ord 1981)
  std::optional<double> z, p_normal;  // two-sided
  std::optional<double> p;            // by permutation
};

/// Fewer areas than this and an answer warns (few_areas).
inline constexpr std::size_t kFewAreas = 30;

/// Getis-Ord Gi* (Ord and Getis 1995), each area a neighbour of itself with weight 1 (unless it has a weight already):
/// zᵢ = (Σw_ij x_j - x̄Wᵢ)/(S√((nΣw² - Wᵢ²)/(n-1))), Wᵢ = Σw_ij, S² = Σx²/n - x̄². Weights are taken as given; binary ones give esda's
/// G_Local(star=True, transform="B"). NaN in values is no data; values has an element for each area of weights. Hot is z > 0. An island's
/// z is its own standardised value. p by permutation is of the tail on z's side.
[[nodiscard]] LocalClusters gi_star(std::span<const double> values, const Weights& weights, const ClusterOptions& options = {});

/// Local Moran's Iᵢ = zᵢ Σw_ij z_j / m₂, z = x - x̄, m₂ = Σz²/n (Anselin 1995; as spdep's localmoran; esda divides by n - 1 where m₂ has n).
/// Rows are standardised. high_low: a high value among low ones. `z` by the moments of conditional permutation (Sokal, Oden and Thomson
/// 1998). Values as for gi_star.
[[nodiscard]] LocalClusters local_moran(std::span<const double> values, const Weights& weights, const ClusterOptions& options = {});

/// Global Moran's I = (n/S₀) Σ_ij w_ij z_i z_j / Σz², rows standardised, so that with neighbours everywhere it is the mean of the local
/// ones; islands count in n, as in esda. Values as for gi_star.
[[nodiscard]] GlobalMoran global_moran(std::span<const double> values, const Weights& weights, const ClusterOptions& options = {});

}  // namespace gridward::stats
