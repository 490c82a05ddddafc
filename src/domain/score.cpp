#include "domain/score.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gridward {

double points_of(const ScoreRule& rule, double value, double mean) {
  if (rule.of_mean && mean <= 0) return 0;
  const double x = rule.of_mean ? value / mean : value;
  return 100 * std::clamp((x - rule.zero_at) / (rule.full_at - rule.zero_at), 0.0, 1.0);
}

Interval95 weighted_sum(std::span<const Interval95> parts, std::span<const double> weights) {
  Interval95 out;
  double below = 0, above = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Interval95& p = parts[i];
    out.value += weights[i] * p.value;
    below += std::pow(weights[i] * (p.value - p.low), 2);
    above += std::pow(weights[i] * (p.high - p.value), 2);
  }
  out.low = out.value - std::sqrt(below);
  out.high = out.value + std::sqrt(above);
  return out;
}

std::vector<Ranked> rank(std::span<const Scored> scored) {
  // Millionths: what differs only by rounding must not be ranked by it.
  const auto steps = [&](std::size_t i) { return std::llround(scored[i].score.value * 1e6); };
  std::vector<std::size_t> order(scored.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (steps(a) != steps(b)) return steps(a) > steps(b);
    return scored[a].code != scored[b].code ? scored[a].code < scored[b].code : a < b;
  });
  std::vector<Ranked> out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool tied = i > 0 && steps(order[i]) == steps(order[i - 1]);
    out.push_back({order[i], tied ? out.back().rank : static_cast<int>(i) + 1, false});
    if (i > 0) out[i - 1].distinguishable = scored[order[i - 1]].score.low > scored[order[i]].score.high;
  }
  return out;
}

std::size_t level_with_first(std::span<const Scored> scored, std::span<const Ranked> order) {
  if (order.empty()) return 0;
  const double low = scored[order.front().index].score.low;
  return static_cast<std::size_t>(std::ranges::count_if(scored, [low](const Scored& s) { return s.score.high >= low; }));
}

}  // namespace gridward
