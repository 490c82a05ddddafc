#include "stats/rates.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/special.h"

namespace gridward::stats {
namespace {

Bounds wilson_share(double p, double n) {
  constexpr double z = kZ95;
  const double centre = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double norm = 1 + z * z / n;
  return {p <= 0 ? 0 : std::max(0.0, (centre - half) / norm), p >= 1 ? 1 : std::min(1.0, (centre + half) / norm)};
}

Bounds over(Bounds bounds, double b) { return {bounds.low / b, bounds.high / b}; }

/// The difference of two estimates from their own intervals.
Comparison difference(double value, const Bounds& bounds, double value0, const Bounds& bounds0) {
  Comparison out;
  out.value = value - value0;
  out.low = *out.value - std::hypot(value - bounds.low, bounds0.high - value0);
  out.high = *out.value + std::hypot(bounds.high - value, value0 - bounds0.low);
  return out;
}

Comparison without(NoComparison reason) {
  Comparison out;
  out.reason = reason;
  return out;
}

}  // namespace

Bounds garwood(std::int64_t k) {
  const auto count = static_cast<double>(k);
  return {k == 0 ? 0 : gamma_quantile(count, 0.025), gamma_quantile(count + 1, 0.975)};
}

Bounds wilson(std::int64_t k, std::int64_t n) { return wilson_share(static_cast<double>(k) / static_cast<double>(n), static_cast<double>(n)); }

Bounds clopper_pearson(std::int64_t k, std::int64_t n) {
  const auto hits = static_cast<double>(k);
  const auto misses = static_cast<double>(n - k);
  return {k == 0 ? 0 : beta_quantile(hits, misses + 1, 0.025), k == n ? 1 : beta_quantile(hits + 1, misses, 0.975)};
}

Comparison rate_ratio(std::int64_t k, double b, std::int64_t k0, double b0) {
  if (!(b > 0) || !(b0 > 0)) return without(NoComparison::no_exposure);
  const std::int64_t all = k + k0;
  if (all == 0) return without(NoComparison::no_events);
  Comparison out;
  const Bounds share = clopper_pearson(k, all);
  out.low = share.low / (1 - share.low) * b0 / b;
  const double expected = b / (b + b0);
  out.p = std::min(1.0, 2 * std::min(binomial_cdf(k, all, expected), binomial_cdf(k0, all, 1 - expected)));
  if (k0 == 0) {
    out.reason = NoComparison::no_base_events;
    return out;
  }
  out.value = static_cast<double>(k) / b / (static_cast<double>(k0) / b0);
  out.high = share.high / (1 - share.high) * b0 / b;
  return out;
}

Comparison rate_difference(std::int64_t k, double b, std::int64_t k0, double b0) {
  if (!(b > 0) || !(b0 > 0)) return without(NoComparison::no_exposure);
  return difference(static_cast<double>(k) / b, over(garwood(k), b), static_cast<double>(k0) / b0, over(garwood(k0), b0));
}

Comparison share_difference(std::int64_t k, std::int64_t n, std::int64_t k0, std::int64_t n0) {
  if (n <= 0 || n0 <= 0) return without(NoComparison::no_exposure);
  return difference(static_cast<double>(k) / static_cast<double>(n), wilson(k, n), static_cast<double>(k0) / static_cast<double>(n0), wilson(k0, n0));
}

Bounds weighted_count_interval(std::span<const std::int64_t> counts, std::span<const double> weights) {
  double sum = 0;
  double variance = 0;
  double heaviest = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto k = static_cast<double>(counts[i]);
    sum += weights[i] * k;
    variance += weights[i] * weights[i] * k;
    heaviest = std::max(heaviest, weights[i]);
  }
  const auto end = [](double mean, double spread, double p) { return gamma_quantile(mean * mean / spread, p) * spread / mean; };
  return {sum == 0 ? 0 : end(sum, variance, 0.025), end(sum + heaviest, variance + heaviest * heaviest, 0.975)};
}

WeightedShare weighted_share(std::span<const char> hits, std::span<const double> weights) {
  double sum = 0;
  double squares = 0;
  double counted = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    sum += weights[i];
    squares += weights[i] * weights[i];
    if (hits[i] != 0) counted += weights[i];
  }
  if (!(sum > 0)) return {};
  const double effective = sum * sum / squares;
  const Bounds bounds = wilson_share(counted / sum, effective);
  return {counted / sum, bounds.low, bounds.high, effective};
}

std::optional<double> quantile(std::span<const double> values, double p) {
  if (values.empty()) return {};
  std::vector<double> order(values.begin(), values.end());
  const double at = p * static_cast<double>(order.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(at);
  std::nth_element(order.begin(), order.begin() + below, order.end());
  const double low = order[static_cast<std::size_t>(below)];
  if (at == static_cast<double>(below)) return low;
  const double high = *std::min_element(order.begin() + below + 1, order.end());
  return low + (at - static_cast<double>(below)) * (high - low);
}

}  // namespace gridward::stats
