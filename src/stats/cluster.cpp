#include "stats/cluster.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/special.h"

namespace gridward::stats {
namespace {

/// The areas that have data, and their links.
struct Counted {
  Basis basis;
  std::vector<std::size_t> index;  // in the caller's order
  std::vector<double> x;
  std::optional<Weights> weights;
};

Counted counted(std::span<const double> values, const Weights& weights) {
  Counted out;
  std::vector<char> keep(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    keep[i] = std::isfinite(values[i]);
    if (keep[i]) {
      out.index.push_back(i);
      out.x.push_back(values[i]);
    } else {
      out.basis.no_data.push_back(i);
    }
  }
  out.weights = weights.among(keep);
  const std::vector<std::size_t> alone = out.weights->islands();
  for (const std::size_t i : alone) out.basis.islands.push_back(out.index[i]);
  out.basis.n = out.x.size();
  out.basis.few_areas = out.basis.n < kFewAreas;
  if (out.basis.n < 4) {
    out.basis.reason = NoStatistic::too_few;
  } else if (alone.size() == out.basis.n) {
    out.basis.reason = NoStatistic::no_links;
  } else if (std::ranges::min(out.x) == std::ranges::max(out.x)) {
    out.basis.reason = NoStatistic::constant;
  }
  return out;
}

/// Deviations from the mean.
std::vector<double> centred(const std::vector<double>& x) {
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
  std::vector<double> out;
  for (const double value : x) out.push_back(value - mean);
  return out;
}

double mean_power(const std::vector<double>& z, int power) {
  double sum = 0;
  for (const double value : z) sum += std::pow(value, power);
  return sum / static_cast<double>(z.size());
}

/// Σw, Σw² and Σwz over a row.
struct Row {
  double weights = 0, squares = 0, lag = 0;
};

Row row_of(const Weights& weights, std::size_t i, const std::vector<double>& z) {
  Row out;
  const auto to = weights.neighbours(i);
  const auto w = weights.weights(i);
  for (std::size_t k = 0; k < to.size(); ++k) {
    out.weights += w[k];
    out.squares += w[k] * w[k];
    out.lag += w[k] * z[to[k]];
  }
  return out;
}

LocalStatistic gi_star_of(const Row& row, double n, double deviation) {
  LocalStatistic out;
  const double spread = (n * row.squares - row.weights * row.weights) / (n - 1);
  if (spread > 1e-12 * row.squares) out.value = out.z = row.lag / (deviation * std::sqrt(spread));
  out.tendency = row.lag > 0 ? Cluster::hot : Cluster::cold;
  return out;
}

LocalStatistic local_moran_of(double z, const Row& row, double n, double m2) {
  LocalStatistic out;
  out.value = z * row.lag / m2;
  const double expectation = -z * z * row.weights / ((n - 1) * m2);
  const double variance = (z / m2) * (z / m2) * n / (n - 2) * (row.squares - row.weights * row.weights / (n - 1)) * (m2 - z * z / (n - 1));
  if (variance > 1e-24) out.z = (*out.value - expectation) / std::sqrt(variance);
  out.tendency = z > 0 ? (row.lag > 0 ? Cluster::high_high : Cluster::high_low) : (row.lag > 0 ? Cluster::low_high : Cluster::low_low);
  return out;
}

/// p of an area by permutation. A hot spot's is of the upper tail, a cold one's of the lower: a high area among low ones has a Gi* above 0
/// with neighbours that are low beyond chance, and is neither.
double permuted_p(const Tails& tails, Cluster tendency, const ClusterOptions& options) {
  Tails used = tails;
  if (tendency == Cluster::hot) used.below = tails.above;
  if (tendency == Cluster::cold) used.above = tails.below;
  return permutation_p(used, options.permuting.permutations, options.tail);
}

/// p of those that have neighbours, adjusted; then each area's cluster. `areas` are those with data.
void judge(LocalClusters& out, std::vector<LocalStatistic>& areas, const Counted& from, const Weights& weights, const ClusterOptions& options) {
  const int permutations = options.permuting.permutations;
  std::vector<Tails> tails;
  if (permutations > 0) tails = permute_neighbours(from.x, weights, options.permuting);
  std::vector<std::size_t> tested;
  std::vector<double> p;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    areas[i].cluster = Cluster::not_significant;
    if (std::ranges::binary_search(out.basis.islands, from.index[i])) {
      areas[i].cluster = Cluster::island;
      continue;
    }
    if (permutations > 0) {
      areas[i].p = permuted_p(tails[i], areas[i].tendency, options);
    } else if (areas[i].z) {
      areas[i].p = normal_two_sided(*areas[i].z) * (options.tail == Tail::directed ? 0.5 : 1);
    }
    if (!areas[i].p) continue;
    tested.push_back(i);
    p.push_back(*areas[i].p);
  }
  const std::vector<double> adjusted = benjamini_hochberg(p);
  for (std::size_t k = 0; k < tested.size(); ++k) {
    LocalStatistic& area = areas[tested[k]];
    area.p_adjusted = adjusted[k];
    if (adjusted[k] > options.level) continue;
    area.cluster = area.tendency;
    ++out.significant;
  }
  const double least = permutations > 0 ? permutation_p({}, permutations, options.tail) : 0;
  out.fewest_detectable = std::max(std::size_t{1}, static_cast<std::size_t>(std::ceil(least * static_cast<double>(p.size()) / options.level - 1e-9)));
}

/// Puts the areas with data back among all.
void place(LocalClusters& out, std::vector<LocalStatistic>& areas, const Counted& from, std::size_t all) {
  out.areas.resize(all);
  for (std::size_t i = 0; i < areas.size(); ++i) out.areas[from.index[i]] = areas[i];
}

/// What is said where nothing can be computed: which areas have data, and nothing else.
LocalClusters without_statistic(const Counted& from, std::size_t all) {
  LocalClusters out;
  out.basis = from.basis;
  std::vector<LocalStatistic> areas(from.index.size());
  for (std::size_t i = 0; i < areas.size(); ++i) {
    const bool alone = std::ranges::binary_search(out.basis.islands, from.index[i]);
    areas[i].cluster = areas[i].tendency = alone ? Cluster::island : Cluster::not_significant;
  }
  place(out, areas, from, all);
  return out;
}

/// The sums S₀, S₁ and S₂ of Cliff and Ord over weights w_ij.
struct WeightSums {
  double s0 = 0, s1 = 0, s2 = 0;
};

WeightSums weight_sums(const Weights& weights) {
  WeightSums out;
  std::vector<double> both(weights.size());  // of a row and its column
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto to = weights.neighbours(i);
    for (std::size_t k = 0; k < to.size(); ++k) {
      const auto back = weights.neighbours(to[k]);
      const double w = weights.weights(i)[k];
      const double other = weights.weights(to[k])[static_cast<std::size_t>(std::ranges::lower_bound(back, i) - back.begin())];
      out.s0 += w;
      out.s1 += (w + other) * (w + other) / 2;
      both[i] += w;
      both[to[k]] += w;
    }
  }
  for (const double sum : both) out.s2 += sum * sum;
  return out;
}

/// The variance of Moran's I when values are shuffled, b2 the kurtosis of the values.
double variance_under_randomisation(const WeightSums& s, double n, double b2) {
  const double all = s.s0 * s.s0;
  const double upper = n * ((n * n - 3 * n + 3) * s.s1 - n * s.s2 + 3 * all) - b2 * ((n * n - n) * s.s1 - 2 * n * s.s2 + 6 * all);
  return upper / ((n - 1) * (n - 2) * (n - 3) * all) - 1 / ((n - 1) * (n - 1));
}

}  // namespace

std::string_view cluster_name(Cluster cluster) {
  switch (cluster) {
    case Cluster::not_significant: return "not_significant";
    case Cluster::hot: return "hot";
    case Cluster::cold: return "cold";
    case Cluster::high_high: return "HH";
    case Cluster::low_low: return "LL";
    case Cluster::high_low: return "HL";
    case Cluster::low_high: return "LH";
    case Cluster::island: return "island";
    case Cluster::no_data: return "no_data";
  }
  return "";
}

LocalClusters gi_star(std::span<const double> values, const Weights& weights, const ClusterOptions& options) {
  const Counted from = counted(values, weights);
  if (from.basis.reason != NoStatistic::none) return without_statistic(from, values.size());
  LocalClusters out;
  out.basis = from.basis;
  const Weights with_self = from.weights->with_self();
  const std::vector<double> z = centred(from.x);
  const double deviation = std::sqrt(mean_power(z, 2));
  std::vector<LocalStatistic> areas;
  for (std::size_t i = 0; i < z.size(); ++i) {
    areas.push_back(gi_star_of(row_of(with_self, i, z), static_cast<double>(z.size()), deviation));
  }
  judge(out, areas, from, with_self, options);
  place(out, areas, from, values.size());
  return out;
}

LocalClusters local_moran(std::span<const double> values, const Weights& weights, const ClusterOptions& options) {
  const Counted from = counted(values, weights);
  if (from.basis.reason != NoStatistic::none) return without_statistic(from, values.size());
  LocalClusters out;
  out.basis = from.basis;
  const Weights rows = from.weights->row_standardised();
  const std::vector<double> z = centred(from.x);
  const double m2 = mean_power(z, 2);
  std::vector<LocalStatistic> areas;
  for (std::size_t i = 0; i < z.size(); ++i) areas.push_back(local_moran_of(z[i], row_of(rows, i, z), static_cast<double>(z.size()), m2));
  judge(out, areas, from, rows, options);
  place(out, areas, from, values.size());
  return out;
}

GlobalMoran global_moran(std::span<const double> values, const Weights& weights, const ClusterOptions& options) {
  const Counted from = counted(values, weights);
  GlobalMoran out;
  out.basis = from.basis;
  if (from.basis.reason != NoStatistic::none) return out;
  const Weights rows = from.weights->row_standardised();
  const std::vector<double> z = centred(from.x);
  const auto n = static_cast<double>(z.size());
  double product = 0;
  for (std::size_t i = 0; i < z.size(); ++i) product += z[i] * row_of(rows, i, z).lag;
  const WeightSums sums = weight_sums(rows);
  const double m2 = mean_power(z, 2);
  out.value = product / (sums.s0 * m2);
  out.expectation = -1 / (n - 1);
  const double variance = variance_under_randomisation(sums, n, mean_power(z, 4) / (m2 * m2));
  if (variance > 0) {
    out.variance = variance;
    out.z = (*out.value - out.expectation) / std::sqrt(variance);
    out.p_normal = normal_two_sided(*out.z);
  }
  if (options.permuting.permutations > 0) out.p = permutation_p(permute_all(z, rows, options.permuting), options.permuting.permutations, options.tail);
  return out;
}

}  // namespace gridward::stats
